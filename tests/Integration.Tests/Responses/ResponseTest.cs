using System.Text.Json;

namespace AiPlatform.Integration.Tests.Responses;

/// <summary>What tests of responses and conversations share.</summary>
public abstract class ResponseTest(Platform platform) : PlatformTest(platform)
{
    protected const string Model = Vendors.OpenAi;

    /// <summary>Creates a response in one piece.</summary>
    protected async Task<JsonElement> CreateAsync(object body) => (await Api.PostAsync("v1/responses", body, Ct)).Ok;

    protected async Task<JsonElement> GetAsync(string path) => (await Api.GetAsync(path, Ct)).Ok;

    protected async Task<string> ConversationAsync(object? body = null) => (await Api.PostAsync("v1/conversations", body ?? new { }, Ct)).Ok.GetProperty("id").GetString()!;

    /// <summary>All items of a conversation, oldest first.</summary>
    protected async Task<List<JsonElement>> ItemsAsync(string conversation) =>
        [.. (await GetAsync($"v1/conversations/{conversation}/items?order=asc&limit=100")).GetProperty("data").EnumerateArray()];

    /// <summary>Starts a streamed response whose vendor waits at the gate, and returns when the run has begun.</summary>
    protected async Task<RunningResponse> StartAsync(FakeGate gate, object body, string says = "one two three")
    {
        Vendor.Enqueue(FakeScript.Say(says) with { Gate = gate });
        var response = await Api.OpenAsync("v1/responses", body, Ct);
        if (!response.IsSuccessStatusCode) throw new InvalidOperationException(await response.Content.ReadAsStringAsync(Ct));
        var events = Sse.ReadAsync(response, Ct).GetAsyncEnumerator(Ct);
        var run = new RunningResponse(response, events);
        await run.ReadUntilAsync("response.created");
        return run;
    }

    /// <summary>Takes up the stream of a response, and reads it to its end.</summary>
    protected async Task<List<SseBlock>> FollowAsync(string id, string query = "", string? lastEventId = null)
    {
        await using var run = await FollowLiveAsync(id, query, lastEventId);
        return await run.ReadToEndAsync();
    }

    /// <summary>Takes up the stream of a response.</summary>
    protected async Task<RunningResponse> FollowLiveAsync(string id, string query = "", string? lastEventId = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"v1/responses/{id}?stream=true{query}");
        if (lastEventId is not null) request.Headers.Add("Last-Event-ID", lastEventId);
        var response = await Api.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Ct);
        if (!response.IsSuccessStatusCode) throw new InvalidOperationException(await response.Content.ReadAsStringAsync(Ct));
        return new RunningResponse(response, Sse.ReadAsync(response, Ct).GetAsyncEnumerator(Ct));
    }

    protected async Task<JsonElement> WaitForStatusAsync(string id, string status)
    {
        var found = await EventuallyAsync(async () =>
        {
            var response = await GetAsync($"v1/responses/{id}");
            return response.GetProperty("status").GetString() == status ? new Holder(response) : null;
        });
        return found.Json;
    }

    /// <summary>What the vendor was sent as messages: role and text.</summary>
    protected static List<(string Role, string Text)> MessagesOf(RecordedRequest call) => [.. call.Body.GetProperty("messages").EnumerateArray()
        .Select(message => (message.GetProperty("role").GetString()!, message.TryGetProperty("content", out var content) && content.ValueKind is JsonValueKind.String ? content.GetString()! : ""))];

    protected static string IdOf(JsonElement json) => json.GetProperty("id").GetString()!;

    protected static string StatusOf(JsonElement json) => json.GetProperty("status").GetString()!;

    /// <summary>The text of a message item, or of a response's first message.</summary>
    protected static string TextOf(JsonElement json)
    {
        var item = json.TryGetProperty("output", out var output) ? output.EnumerateArray().First(one => one.GetProperty("type").GetString() == "message") : json;
        return item.GetProperty("content")[0].GetProperty("text").GetString()!;
    }

    private sealed record Holder(JsonElement Json);
}

/// <summary>A streamed response in progress.</summary>
public sealed class RunningResponse(HttpResponseMessage response, IAsyncEnumerator<SseBlock> events) : IAsyncDisposable
{
    public List<SseBlock> Events { get; } = [];

    public string Id => Events[0].Json.GetProperty("response").GetProperty("id").GetString()!;

    /// <summary>Reads on up to an event of this name, and returns it.</summary>
    public async Task<SseBlock> ReadUntilAsync(string name)
    {
        while (await events.MoveNextAsync())
        {
            if (events.Current.Comment is not null) continue;
            Events.Add(events.Current);
            if (events.Current.Event == name) return events.Current;
        }

        throw new InvalidDataException($"The stream ended without {name}: {string.Join(", ", Events.Select(block => block.Event))}");
    }

    public Task<List<SseBlock>> ReadToEndAsync() => ReadAsync(int.MaxValue);

    /// <summary>Reads on until there are so many events.</summary>
    public async Task<List<SseBlock>> ReadAsync(int count)
    {
        while (Events.Count < count && await events.MoveNextAsync())
            if (events.Current.Comment is null) Events.Add(events.Current);
        return Events;
    }

    public async ValueTask DisposeAsync()
    {
        response.Dispose();
        await events.DisposeAsync();
    }
}
