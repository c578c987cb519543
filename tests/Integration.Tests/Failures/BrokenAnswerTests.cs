namespace AiPlatform.Integration.Tests.Failures;

/// <summary>A vendor that fails in the middle of a chat completion. Responses go on: see <see cref="FailoverTests"/>.</summary>
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
    [MemberData(nameof(WholeFailures))]
    public async Task A_chat_completion_gets_the_status_that_fits(string model, string directive, int status, string code)
    {
        var reply = await AskAsync(Way.Chat, model, directive);

        reply.Status.ShouldBe(status, reply.Text);
        reply.Code.ShouldBe(code);
        await ShouldBeLoggedOnceAsync(model, code);
    }
}
