namespace AiPlatform.Integration.Tests.Failures;

/// <summary>A vendor that is too slow: every wait has a limit of its own, and a request never hangs.</summary>
public sealed class TimeoutTests(TimeoutTests.Impatient platform) : FailureTest(platform), IClassFixture<TimeoutTests.Impatient>
{
    private const string Timeout = "upstream_timeout";

    public static TheoryData<string, string, string> BeforeTheFirstToken { get; } = new()
    {
        { Vendors.OpenAi, "hang=headers", "FirstToken" },
        { Vendors.Anthropic, "hang=headers", "FirstToken" },
        { Vendors.OpenAi, "headers=60000", "FirstToken" },
        { Vendors.OpenAi, "hang=first", "FirstToken" },
        { Vendors.Anthropic, "hang=first", "FirstToken" },
        // A vendor that keeps the line alive has still said nothing.
        { Vendors.OpenAi, "hang=first ping=100", "FirstToken" },
        { Vendors.Anthropic, "hang=first ping=100", "FirstToken" },
    };

    public static TheoryData<string, string, string> InTheMiddle { get; } = new()
    {
        { Vendors.OpenAi, "tokens=10 hang=mid", "BetweenTokens" },
        { Vendors.Anthropic, "tokens=10 hang=mid", "BetweenTokens" },
        { Vendors.Anthropic, "tokens=10 hang=mid ping=100", "BetweenTokens" },
        { Vendors.OpenAi, "tokens=1000 delay=100", "Whole" },
        { Vendors.Anthropic, "tokens=1000 delay=100", "Whole" },
    };

    [Theory]
    [InlineData("fake-chat", "hang=headers")]
    [InlineData("fake-claude", "hang=headers")]
    [InlineData("fake-chat", "tokens=10 hang=mid")]
    public async Task A_whole_chat_completion_is_a_504(string model, string directive)
    {
        var reply = await AskAsync(Way.Chat, model, directive);

        reply.Status.ShouldBe(504, reply.Text);
        reply.Code.ShouldBe(Timeout);
        reply.Error.GetProperty("message").GetString()!.ShouldContain("Inference:Timeouts:Whole");
        await ShouldBeLoggedOnceAsync(model, Timeout);
        await ShouldHaveHungUpAsync();
    }

    [Theory]
    [MemberData(nameof(BeforeTheFirstToken))]
    public async Task A_streamed_chat_completion_without_a_first_token_is_a_504(string model, string directive, string setting)
    {
        var reply = await AskAsync(Way.StreamedChat, model, directive);

        // Anthropic and OpenAI begin with an event that only names the role; after that the status is gone.
        if (reply.Status == 200) reply.Text.ShouldContain(Timeout);
        else reply.Status.ShouldBe(504, reply.Text);
        reply.Text.ShouldContain($"Inference:Timeouts:{setting}");
        await ShouldBeLoggedOnceAsync(model, Timeout);
        await ShouldHaveHungUpAsync();
    }

    [Theory]
    [MemberData(nameof(InTheMiddle))]
    public async Task A_streamed_chat_completion_that_stalls_ends_in_band(string model, string directive, string setting)
    {
        var events = await StreamAsync(Way.StreamedChat, model, directive);

        ShouldEndInBand(events, Timeout).GetProperty("message").GetString()!.ShouldContain($"Inference:Timeouts:{setting}");
        await ShouldBeLoggedOnceAsync(model, Timeout);
        await ShouldHaveHungUpAsync();
    }

    // One that stalls later goes on: see FailoverTests.
    [Theory]
    [MemberData(nameof(BeforeTheFirstToken))]
    public async Task A_response_without_a_first_token_fails_however_it_is_asked_for(string model, string directive, string setting)
    {
        var streaming = StreamAsync(Way.StreamedResponse, model, directive);
        var reply = await AskAsync(Way.Response, model, directive);
        var response = ShouldEndFailed(await streaming);

        response.GetProperty("error").GetProperty("message").GetString()!.ShouldContain($"Inference:Timeouts:{setting}");
        reply.Status.ShouldBe(504, reply.Text);
        reply.Code.ShouldBe(Timeout);
    }

    private Task<RecordedRequest> ShouldHaveHungUpAsync() => Vendor.WaitForAsync(request => request.Method == "POST" && request.Outcome == RequestOutcome.ClientAborted, Ct);

    public sealed class Impatient : Platform
    {
        protected override void Configure(IDictionary<string, string?> settings)
        {
            settings["Inference:Timeouts:FirstToken"] = "00:00:02";
            settings["Inference:Timeouts:BetweenTokens"] = "00:00:02.5";
            settings["Inference:Timeouts:Whole"] = "00:00:06";
        }
    }
}
