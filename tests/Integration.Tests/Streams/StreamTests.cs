using System.Net.Http.Headers;

namespace AiPlatform.Integration.Tests.Streams;

/// <summary>How a stream travels, whatever is in it.</summary>
public sealed class StreamTests(StreamTests.QuickHeart platform) : PlatformTest(platform), IClassFixture<StreamTests.QuickHeart>
{
    public static TheoryData<string, string> Streams { get; } = new()
    {
        { "v1/chat/completions", Vendors.OpenAi },
        { "v1/chat/completions", Vendors.Anthropic },
        { "v1/responses", Vendors.OpenAi },
        { "v1/responses", Vendors.Anthropic },
    };

    [Theory]
    [MemberData(nameof(Streams))]
    public async Task A_silent_vendor_is_bridged_by_comments_and_the_text_stays_whole(string path, string model)
    {
        using var gate = new FakeGate();
        Vendor.Enqueue(FakeScript.Say("one two three") with { Gate = gate });
        var (comments, text) = (0, "");
        using var response = await OpenAsync(path, model);
        await foreach (var block in Sse.ReadAsync(response, Ct))
        {
            if (block.Comment is not null)
            {
                comments++;
                // Each time the line is silent, one token more.
                gate.Release();
            }
            else text += TextOf(block);
        }

        comments.ShouldBeGreaterThanOrEqualTo(3);
        text.ShouldBe("one two three");
    }

    [Fact]
    public async Task The_first_events_of_a_response_come_before_the_vendor_has_said_anything()
    {
        using var gate = new FakeGate();
        Vendor.Enqueue(FakeScript.Say("late") with { Gate = gate });
        using var response = await OpenAsync("v1/responses", Vendors.OpenAi);
        var events = new List<string>();
        await foreach (var block in Sse.ReadAsync(response, Ct))
        {
            if (block.Event is { } name) events.Add(name);
            if (events.Count == 2) gate.Open();
        }

        events[0].ShouldBe("response.created");
        events[1].ShouldBe("response.in_progress");
        events[^1].ShouldBe("response.completed");
    }

    [Theory]
    [MemberData(nameof(Streams))]
    public async Task Each_token_is_sent_when_the_vendor_sends_it(string path, string model)
    {
        using var gate = new FakeGate();
        Vendor.Enqueue(FakeScript.Say("one two three four") with { Gate = gate });
        using var response = await OpenAsync(path, model);
        gate.Release();
        var seen = new List<string>();
        await foreach (var block in Sse.ReadAsync(response, Ct))
        {
            if (block.Comment is not null || TextOf(block) is not { Length: > 0 } text) continue;
            seen.Add(text);
            // The next token leaves the vendor only when this one has arrived: were anything held back, this would never end.
            gate.Release();
        }

        seen.ShouldBe(["one", " two", " three", " four"]);
    }

    [Theory]
    [MemberData(nameof(Streams))]
    public async Task Nothing_on_the_way_may_buffer_or_compress_a_stream(string path, string model)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(Body(path, model), new MediaTypeHeaderValue("application/json")) };
        request.Headers.AcceptEncoding.ParseAdd("gzip, br");
        using var response = await Api.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Ct);

        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        response.Content.Headers.ContentEncoding.ShouldBeEmpty();
        response.Content.Headers.ContentLength.ShouldBeNull();
        response.Headers.CacheControl!.NoStore.ShouldBeTrue();
        response.Headers.GetValues("X-Accel-Buffering").ShouldBe(["no"]);
        (await Sse.ReadToEndAsync(response, Ct)).Count.ShouldBeGreaterThan(2);
    }

    [Theory]
    [MemberData(nameof(Streams))]
    public async Task A_long_answer_arrives_whole_and_in_order(string path, string model)
    {
        const string Question = "[[fake tokens=2000 unicode]]";
        using var response = await Api.OpenAsync(path, Body(path, model, Question), Ct);
        var text = string.Concat((await Sse.ReadToEndAsync(response, Ct)).Select(TextOf));

        text.ShouldBe(FakeText.For(Question));
    }

    [Theory]
    [MemberData(nameof(Streams))]
    public async Task A_huge_token_and_a_nul_character_pass(string path, string model)
    {
        const string Question = "[[fake tokens=3 nul big=300000]]";
        using var response = await Api.OpenAsync(path, Body(path, model, Question), Ct);
        var events = await Sse.ReadToEndAsync(response, Ct);

        string.Concat(events.Select(TextOf)).ShouldBe(FakeText.For(Question));
        events[^1].ShouldSatisfyAllConditions(last => (last.Event ?? last.Data).ShouldBe(path == "v1/responses" ? "response.completed" : "[DONE]"));
    }

    private Task<HttpResponseMessage> OpenAsync(string path, string model) => Api.OpenAsync(path, Body(path, model), Ct);

    private static string Body(string path, string model, string question = "Hi") => path == "v1/responses"
        ? $$"""{"model":"{{model}}","input":"{{question}}","stream":true}"""
        : $$"""{"model":"{{model}}","messages":[{"role":"user","content":"{{question}}"}],"stream":true}""";

    private static string TextOf(SseBlock block)
    {
        if (block.Event is not null) return block.Event == "response.output_text.delta" ? block.Json.GetProperty("delta").GetString()! : "";
        if (block.Data is null or "[DONE]") return "";
        return string.Concat(block.Json.GetProperty("choices").EnumerateArray()
            .Select(choice => choice.GetProperty("delta").TryGetProperty("content", out var content) ? content.GetString() : ""));
    }

    public sealed class QuickHeart : Platform
    {
        protected override void Configure(IDictionary<string, string?> settings) => settings["Edge:Heartbeat"] = "00:00:00.2";
    }
}
