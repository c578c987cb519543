namespace AiPlatform.Web.Tests;

public sealed class ConversationTests(Platform platform, Browser browser) : WebTest(platform, browser)
{
    [Fact]
    public async Task Conversations_can_be_found_renamed_and_deleted()
    {
        await EnterAsync();
        await AskAndWaitAsync("Plan a trip to Rome");
        await Page.GetByTestId("new-chat").ClickAsync();
        await Expect(Page.GetByTestId("welcome")).ToBeVisibleAsync();
        await AskAndWaitAsync("Bake a bread");
        await Expect(Rows).ToHaveTextAsync(["Bake a bread", "Plan a trip to Rome"]);

        await Page.GetByTestId("conversation-search").FillAsync("rome");
        await Expect(Rows).ToHaveTextAsync(["Plan a trip to Rome"]);
        await Page.GetByTestId("conversation-search").FillAsync("");
        await Expect(Rows).ToHaveCountAsync(2);

        await Row("Plan a trip to Rome").GetByTestId("conversation-menu").ClickAsync();
        await Page.GetByTestId("rename-conversation").ClickAsync();
        await Page.GetByLabel("Title").FillAsync("A week in Rome");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Rename" }).ClickAsync();
        await Expect(Row("A week in Rome")).ToBeVisibleAsync();

        await Row("Bake a bread").GetByTestId("conversation-menu").ClickAsync();
        await Page.GetByTestId("delete-conversation").ClickAsync();
        await Page.GetByTestId("confirm-delete").ClickAsync();
        await Expect(Page.GetByTestId("welcome")).ToBeVisibleAsync();
        await Page.ReloadAsync();
        await Expect(Rows).ToHaveTextAsync(["A week in Rome"]);
        Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task On_a_phone_the_list_is_a_drawer()
    {
        var phone = await NewVisitorAsync(new() { Width = 390, Height = 844 });
        await EnterAsync(phone);
        var list = phone.GetByTestId("conversation-list");
        await Expect(list).Not.ToBeInViewportAsync();
        await AskAsync("Plan a trip to Rome", phone);
        await Expect(phone.GetByTestId("message-assistant")).ToHaveAttributeAsync("data-streaming", "false");

        await phone.GetByTestId("open-menu").ClickAsync();
        await Expect(list).ToBeInViewportAsync();
        await phone.GetByTestId("new-chat").ClickAsync();

        await Expect(phone.GetByTestId("welcome")).ToBeVisibleAsync();
        await Expect(list).Not.ToBeInViewportAsync();
        (await phone.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth")).ShouldBeTrue();
    }

    private ILocator Row(string title) => Rows.Filter(new() { HasText = title });
}
