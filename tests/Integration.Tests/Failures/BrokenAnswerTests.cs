using System.Text.Json;

namespace AiPlatform.Integration.Tests.Failures;

/// <summary>A vendor that fails in the middle of its answer.</summary>
public sealed class BrokenAnswerTests(Platform platform) : FailureTest(platform), IClassFixture<Platform>
{
    public static TheoryData<string, string, string> Failures { get; } = new()
    {
        { Vendors.OpenAi, "tokens=20 cut=7", "upstream_interrupted" },
        { Vendors.Anthropic, "tokens=20 cut=7", "upstream_interrupted" },
        { Vendors.OpenAi, "tokens=20 cut-inside=utf8", "upstream_interrupted" },
        { Vendors.Anthropic, "tokens=20 cut-inside=json", "upstream_interrupted" },
        { Vendors.OpenAi, "tokens=20 no-done", "upstream_interrupted" },
        { Vendors.Anthropic, "tokens=20 no-done", "upstream_interrupted" },
        { Vendors.OpenAi, "tokens=20 garbage=mid at=7", "upstream_invalid_response" },
        { Vendors.Anthropic, "tokens=20 garbage=mid at=7", "upstream_invalid_response" },
        { Vendors.OpenAi, "tokens=20 error-event=7", "upstream_error" },
        { Vendors.Anthropic, "tokens=20 error-event=7", "upstream_overloaded" },
    };

    public static TheoryData<string, string, int, string> WholeFailures { get; } = new()
    {
        { Vendors.OpenAi, "tokens=20 cut=7", 502, "upstream_interrupted" },
        { Vendors.Anthropic, "tokens=20 cut=7", 502, "upstream_interrupted" },
        { Vendors.OpenAi, "tokens=20 error-event=7", 502, "upstream_error" },
        { Vendors.Anthropic, "tokens=20 error-event=7", 502, "upstream_error" },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task A_streamed_chat_completion_ends_with_an_error_in_band_and_no_done(string model, string directive, string code)
    {
        var events = await StreamAsync(Way.StreamedChat, model, directive);

        ShouldEndInBand(events, code);
        var text = string.Concat(events.SkipLast(1).SelectMany(block => block.Json.GetProperty("choices").EnumerateArray())
            .Select(choice => choice.GetProperty("delta").TryGetProperty("content", out var content) ? content.GetString() : ""));
        text.Length.ShouldBeGreaterThan(0);
        FakeText.For("[[fake tokens=20]]").ShouldStartWith(text);
        await ShouldBeLoggedOnceAsync(model, code);
    }

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task A_streamed_response_ends_failed_and_nothing_of_its_output_is_kept(string model, string directive, string code)
    {
        var events = await StreamAsync(Way.StreamedResponse, model, directive);

        var response = ShouldEndFailed(events);
        events.ShouldContain(block => block.Event == "response.output_text.delta");
        // What was open is closed in order before the end.
        events.TakeLast(4).Select(block => block.Event).ShouldBe(["response.output_text.done", "response.content_part.done", "response.output_item.done", "response.failed"]);
        events[^2].Json.GetProperty("item").GetProperty("status").GetString().ShouldBe("incomplete");
        events.Select(block => block.Json.GetProperty("sequence_number").GetInt32()).ShouldBe(Enumerable.Range(0, events.Count));
        await ShouldBeLoggedOnceAsync(model, code);

        var id = response.GetProperty("id").GetString();
        var stored = (await Api.GetAsync($"v1/responses/{id}", Ct)).Ok;
        stored.GetProperty("status").GetString().ShouldBe("failed");
        stored.GetProperty("output").GetArrayLength().ShouldBe(0);
        JsonElement.DeepEquals(stored.GetProperty("error"), response.GetProperty("error")).ShouldBeTrue();
    }

    [Theory]
    [MemberData(nameof(WholeFailures))]
    public async Task A_chat_completion_gets_the_status_that_fits(string model, string directive, int status, string code)
    {
        var reply = await AskAsync(Way.Chat, model, directive);

        reply.Status.ShouldBe(status, reply.Text);
        reply.Code.ShouldBe(code);
        await ShouldBeLoggedOnceAsync(model, code);
    }

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task A_response_in_one_piece_gets_a_status_too(string model, string directive, string code)
    {
        var reply = await AskAsync(Way.Response, model, directive);

        reply.Status.ShouldBeOneOf(502, 503);
        reply.Code.ShouldBe(code);
        await ShouldBeLoggedOnceAsync(model, code);
    }

    [Fact]
    public async Task Half_a_function_call_is_never_shown()
    {
        var events = await StreamAsync(Way.StreamedResponse, Vendors.OpenAi, $"tool=lookup args={Vendors.Value("""{"city":"Oslo","unit":"celsius"}""")} cut=3");

        ShouldEndFailed(events);
        events.ShouldNotContain(block => block.Event!.StartsWith("response.function_call", StringComparison.Ordinal) || block.Event == "response.output_item.added");
    }
}
