namespace AiPlatform.Web.Tests;

public sealed class ChatTests(Platform platform, Browser browser) : WebTest(platform, browser)
{
    private const string Markdown = """
        # The plan

        First, **measure** twice.

        - one
        - two

        ```js
        const answer = 42;
        ```

        | what | how much |
        |---|---:|
        | salt | 2 |
        """;

    [Fact]
    public async Task An_answer_streams_as_markdown_and_is_still_there_after_a_reload()
    {
        using var gate = new FakeGate();
        Vendor.Enqueue(FakeScript.Say(Markdown) with { Gate = gate });
        await EnterAsync();

        await AskAsync("How do I build a boat?");
        gate.Release(4);
        await Expect(Answer).ToHaveAttributeAsync("data-streaming", "true");
        await Expect(Answer).ToContainTextAsync("The");
        await Expect(Answer).Not.ToContainTextAsync("salt");
        gate.Open();

        await ExpectWholeAnswerAsync();
        await Page.ReloadAsync();
        await ExpectWholeAnswerAsync();
        await Expect(Questions).ToHaveTextAsync(["YouHow do I build a boat?"]);
        await Expect(Page.GetByTestId("conversation-title")).ToHaveTextAsync("How do I build a boat?");
        await Expect(Page).ToHaveTitleAsync("How do I build a boat? - AiPlatform");
        Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_stopped_answer_keeps_what_was_said_and_says_why_it_ends()
    {
        using var gate = new FakeGate();
        Vendor.Enqueue(FakeScript.Do("tokens=50") with { Gate = gate });
        await EnterAsync();
        await AskAsync("Tell me everything.");
        gate.Release(5);
        await Expect(Answer).ToHaveAttributeAsync("data-streaming", "true");

        await Page.GetByTestId("stop").ClickAsync();

        await Expect(Answer.GetByTestId("answer-note")).ToHaveTextAsync("You stopped this answer.");
        await Vendor.WaitForAsync(request => request.Outcome == RequestOutcome.ClientAborted, Ct);
        await Page.ReloadAsync();
        await Expect(Answer.GetByTestId("answer-note")).ToHaveTextAsync("You stopped this answer.");
        await Expect(Page.GetByTestId("send")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_failed_answer_says_why_also_after_a_reload_and_can_be_tried_again()
    {
        const string Reason = "The provider 'openai' failed";
        Vendor.Standing = FakeDirective.Parse("status=500");
        await EnterAsync();

        await AskAsync("Hello?");

        await Expect(Page.GetByTestId("run-error")).ToContainTextAsync(Reason);
        await Page.ReloadAsync();
        await Expect(Page.GetByTestId("unanswered")).ToContainTextAsync(Reason);
        Vendor.Standing = null;
        await Page.GetByTestId("retry").ClickAsync();
        await Expect(Answer).ToContainTextAsync("Happy to help.");
        await Expect(Page.GetByTestId("unanswered")).ToHaveCountAsync(0);
        await Page.ReloadAsync();
        await Expect(Answer).ToContainTextAsync("Happy to help.");
        await Expect(Questions).ToHaveCountAsync(1);
    }

    private async Task ExpectWholeAnswerAsync()
    {
        await Expect(Answer).ToHaveAttributeAsync("data-streaming", "false");
        await Expect(Answer.GetByRole(AriaRole.Heading, new() { Name = "The plan" })).ToBeVisibleAsync();
        await Expect(Answer.Locator("strong")).ToHaveTextAsync("measure");
        await Expect(Answer.Locator("li")).ToHaveTextAsync(["one", "two"]);
        await Expect(Answer.GetByTestId("code-block").Locator("code")).ToHaveTextAsync("const answer = 42;");
        await Expect(Answer.Locator(".hljs-keyword")).ToHaveTextAsync("const");
        await Expect(Answer.GetByRole(AriaRole.Cell, new() { Name = "salt" })).ToBeVisibleAsync();
    }
}
