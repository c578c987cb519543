namespace AiPlatform.Web.Tests;

/// <summary>Answers that outlive the connection they were asked over: between the page and the server is a line that a test can cut.</summary>
public sealed class ResumeTests(Platform platform, Browser browser) : WebTest(platform, browser)
{
    private const string Text = "One two three four five six seven eight nine ten.";

    private readonly TcpRelay _line = new(platform.Address.Host, platform.Address.Port);

    protected override Uri Address => new($"http://127.0.0.1:{_line.Port}");

    private ILocator Progress => Page.GetByTestId("run-progress");

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await _line.DisposeAsync();
    }

    [Fact]
    public async Task An_answer_whose_connection_breaks_goes_on_where_it_was()
    {
        using var gate = new FakeGate();
        await BeginAsync(gate);

        await _line.CutAsync();
        await Expect(Progress).ToHaveTextAsync("Reconnecting…");
        await Expect(Answer).ToContainTextAsync("One two");
        await Expect(Page.GetByTestId("stop")).ToBeEnabledAsync();
        gate.Release(3);
        _line.Restore();
        await Expect(Answer).ToContainTextAsync("five");
        await Expect(Progress).ToHaveCountAsync(0);
        gate.Open();

        await ExpectWholeAsync(Answer);
        Requested.ShouldContain(address => address.Contains("starting_after=", StringComparison.Ordinal));
        VendorCalls.Count.ShouldBe(1);
        await Page.ReloadAsync();
        await ExpectWholeAsync(Answer);
    }

    [Fact]
    public async Task An_answer_that_ended_while_nobody_could_hear_it_is_there_at_once()
    {
        using var gate = new FakeGate();
        await BeginAsync(gate);

        await _line.CutAsync();
        gate.Open();
        await Vendor.WaitForAsync(request => request.Outcome == RequestOutcome.Completed && request.Method == "POST", Ct);
        _line.Restore();

        await ExpectWholeAsync(Answer);
        await Expect(Page.GetByTestId("send")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task An_answer_can_be_stopped_while_the_server_cannot_be_reached()
    {
        using var gate = new FakeGate();
        await BeginAsync(gate);

        await _line.CutAsync();
        await Expect(Progress).ToHaveTextAsync("Reconnecting…");
        await Page.GetByTestId("stop").ClickAsync();
        await Expect(Progress).ToHaveTextAsync("Stopping as soon as the server can be reached…");
        _line.Restore();

        await Expect(Answer.GetByTestId("answer-note")).ToHaveTextAsync("You stopped this answer.");
        await Expect(Answer).ToContainTextAsync("One two");
        await Vendor.WaitForAsync(request => request.Outcome == RequestOutcome.ClientAborted, Ct);
    }

    [Fact]
    public async Task An_answer_being_written_is_followed_live_after_a_reload_and_in_another_tab()
    {
        using var gate = new FakeGate();
        await BeginAsync(gate);

        await Page.ReloadAsync();
        var tab = await Page.Context.NewPageAsync();
        await tab.GotoAsync(Page.Url);
        var there = tab.GetByTestId("message-assistant");
        foreach (var answer in new[] { Answer, there })
        {
            await Expect(answer).ToContainTextAsync("One two");
            await Expect(answer).ToHaveAttributeAsync("data-streaming", "true");
        }

        await Expect(tab.GetByTestId("stop")).ToBeVisibleAsync();
        gate.Release(3);
        await Expect(Answer).ToContainTextAsync("five");
        await Expect(there).ToContainTextAsync("five");
        gate.Open();

        await ExpectWholeAsync(Answer);
        await ExpectWholeAsync(there);
        await Expect(Questions).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task A_message_sent_while_another_is_being_answered_is_not_lost_and_leads_to_that_answer()
    {
        await EnterAsync();
        await AskAndWaitAsync("Hello?");
        var tab = await Page.Context.NewPageAsync();
        await tab.GotoAsync(Page.Url);
        await Expect(tab.GetByTestId("message-assistant")).ToBeVisibleAsync();
        using var gate = new FakeGate();
        await BeginAsync(gate, enter: false);

        await AskAsync("And me?", tab);
        await tab.GetByTestId("follow-other").ClickAsync();

        await Expect(tab.GetByTestId("message-user").Last).ToContainTextAsync("Count to ten.");
        await Expect(tab.GetByTestId("message-assistant").Last).ToContainTextAsync("One two");
        await Expect(tab.GetByTestId("message-input")).ToHaveValueAsync("And me?");
        gate.Open();
        await ExpectWholeAsync(tab.GetByTestId("message-assistant").Last);
        await tab.GetByTestId("send").ClickAsync();
        await Expect(tab.GetByTestId("message-assistant").Last).ToContainTextAsync("And me?");
    }

    /// <summary>Asks, and lets the first words of the answer through.</summary>
    private async Task BeginAsync(FakeGate gate, bool enter = true)
    {
        Vendor.Enqueue(FakeScript.Say(Text) with { Gate = gate });
        if (enter) await EnterAsync();
        await AskAsync("Count to ten.");
        gate.Release(2);
        await Expect(Answer).ToContainTextAsync("One two");
    }

    private static async Task ExpectWholeAsync(ILocator answer)
    {
        await Expect(answer).ToHaveAttributeAsync("data-streaming", "false");
        await Expect(answer.Locator("p")).ToHaveTextAsync(Text);
    }
}
