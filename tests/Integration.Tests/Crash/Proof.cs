using System.Globalization;
using System.Text.Json;

namespace AiPlatform.Integration.Tests.Crash;

/// <summary>What must be true of every answer, whatever happened while it was generated.</summary>
internal static class Proof
{
    /// <summary>What a reader has seen is the whole answer: no event missing, none twice, one end, and the text to the character.</summary>
    public static void IsWhole(ResumingReader reader, string text)
    {
        var events = reader.Events;
        ShouldHaveNoGap(events);
        events.Count(ResumingReader.IsEnd).ShouldBe(1);
        events[^1].Event.ShouldBe("response.completed", events[^1].Data);
        events.Count(e => e.Event == "response.created").ShouldBe(1);
        reader.Text.ShouldBe(text);
        events.Single(e => e.Event == "response.output_text.done").Json.GetProperty("text").GetString().ShouldBe(text);
        TextOf(events[^1].Json.GetProperty("response")).ShouldBe(text);
    }

    public static void ShouldHaveNoGap(IReadOnlyList<SseBlock> events)
    {
        for (var i = 0; i < events.Count; i++)
        {
            events[i].Json.GetProperty("sequence_number").GetInt64().ShouldBe(i);
            events[i].Id.ShouldBe(i.ToString(CultureInfo.InvariantCulture));
        }
    }

    /// <summary>A server shows the same: event for event, to the byte, and the same object.</summary>
    public static async Task IsKeptAsync(ResumingReader reader, ApiClient api, CancellationToken cancellationToken)
    {
        (await ReplayAsync(api, reader.Id!, "", cancellationToken)).ShouldBe(reader.Events);
        var stored = (await api.GetAsync($"v1/responses/{reader.Id}", cancellationToken)).Ok;
        var shown = reader.End!.Json.GetProperty("response");
        JsonElement.DeepEquals(stored, shown).ShouldBeTrue($"{stored}\n{shown}");
    }

    /// <summary>The events of a response, from a place in its stream to its end.</summary>
    public static async Task<List<SseBlock>> ReplayAsync(ApiClient api, string id, string query, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"v1/responses/{id}?stream=true{query}");
        using var response = await api.OpenAsync(request, cancellationToken);
        ((int)response.StatusCode).ShouldBe(200);
        return await Sse.ReadToEndAsync(response, cancellationToken);
    }

    /// <summary>All text of a response object.</summary>
    public static string TextOf(JsonElement response) => string.Concat(
        from item in response.GetProperty("output").EnumerateArray()
        where item.GetProperty("type").GetString() == "message"
        from part in item.GetProperty("content").EnumerateArray()
        select part.GetProperty("text").GetString());
}
