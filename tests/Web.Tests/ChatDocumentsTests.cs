namespace AiPlatform.Web.Tests;

/// <summary>Chats that ask documents, and answers that say where they stand.</summary>
public sealed class ChatDocumentsTests(Platform platform, Browser browser) : WebTest(platform, browser)
{
    private const string Offline = "offline";

    private const string Harbour = """
        # Harbour rules

        Ships enter with the tide, and leave with it.

        The lighthouse is lit from dusk to dawn, also in fog.
        """;

    private const string Poison = """
        # Notes

        The harbour fee is 120. ![map](http://foreign.invalid/pixel.png?who=you) <img src=http://foreign.invalid/raw.png> [press][1]

        ![x][1]

        [1]: <http://foreign.invalid/reference.png>
        """;

    private ILocator Chosen => Page.GetByTestId("chosen-collection");
    private ILocator Citations => Page.GetByTestId("citation");

    [Fact]
    public async Task A_dropped_document_is_asked_and_its_citation_opens_the_passage()
    {
        await EnterAsync();
        await Page.GetByTestId("model-picker").SelectOptionAsync(Offline);
        await DropAsync("harbour.md", Harbour);
        await Expect(Chosen).ToContainTextAsync("My documents");
        await ExpectReadAsync();

        await AskAndWaitAsync("When is the lighthouse lit?");

        await ExpectCitedAsync(Page);
        await Page.ReloadAsync();
        await ExpectCitedAsync(Page);
        await Expect(Chosen).ToContainTextAsync("My documents");
        var elsewhere = await NewVisitorInAsync(Page.Url);
        await ExpectCitedAsync(elsewhere);
        await Expect(elsewhere.GetByTestId("chosen-collection")).ToContainTextAsync("My documents");
        await Citations.First.ClickAsync();
        await Expect(Page.GetByTestId("document-page").Locator("mark.quoted")).ToContainTextAsync("The lighthouse is lit from dusk to dawn");
        await Page.GoBackAsync();
        await ExpectCitedAsync(Page);
        Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_poisoned_document_makes_the_page_ask_no_foreign_host()
    {
        await EnterAsync();
        await Page.GetByTestId("model-picker").SelectOptionAsync(Offline);
        await DropAsync("notes.md", Poison);
        await ExpectReadAsync();

        await AskAndWaitAsync("What is the harbour fee?");

        await Expect(Answer).ToContainTextAsync("120");
        await Citations.First.ClickAsync();
        await Expect(Page.GetByTestId("document-page")).ToContainTextAsync("120");
        Requested.ShouldAllBe(address => address.StartsWith(Platform.Address.ToString(), StringComparison.Ordinal));
        Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_collection_that_was_deleted_is_named_and_can_be_left_out()
    {
        await EnterAsync();
        await WebDocuments.AddAndWaitAsync(Page, ("harbour.md", Harbour));
        await Page.GetByTestId("ask-collection").ClickAsync();
        await Expect(Chosen).ToContainTextAsync("My documents");
        var tab = await Page.Context.NewPageAsync();
        await tab.GotoAsync("/documents");
        await tab.GetByTestId("collection-menu").ClickAsync();
        await tab.GetByTestId("delete-collection").ClickAsync();
        await tab.GetByTestId("confirm-delete").ClickAsync();
        await Expect(tab.GetByTestId("collections-empty")).ToBeVisibleAsync();

        await AskAsync("When is the lighthouse lit?");

        await Expect(Page.GetByTestId("collection-gone")).ToBeVisibleAsync();
        await Page.GetByTestId("go-on-without").ClickAsync();
        await Expect(Chosen).ToHaveCountAsync(0);
        await Page.GetByTestId("retry").ClickAsync();
        await Expect(Answer).ToContainTextAsync("lighthouse");
    }

    private static async Task ExpectCitedAsync(IPage page)
    {
        var answer = page.GetByTestId("message-assistant").Last;
        await Expect(answer).ToContainTextAsync("dusk to dawn");
        await Expect(answer.GetByTestId("citation").First).ToHaveTextAsync("1");
        await Expect(answer.GetByTestId("source").First).ToContainTextAsync("harbour.md");
        await Expect(answer.GetByTestId("source").First).ToContainTextAsync("The lighthouse is lit from dusk to dawn");
        await Expect(page.GetByTestId("file-search")).ToContainTextAsync("When is the lighthouse lit?");
    }

    private async Task DropAsync(string name, string text)
    {
        var transfer = await Page.EvaluateHandleAsync(
            "([name, text]) => { const transfer = new DataTransfer(); transfer.items.add(new File([text], name)); return transfer; }", new[] { name, text });
        await Page.GetByTestId("drop-zone").DispatchEventAsync("drop", new { dataTransfer = transfer });
    }

    /// <summary>All that was dropped can be searched.</summary>
    private async Task ExpectReadAsync()
    {
        await Page.GetByTestId("choose-documents").ClickAsync();
        await Expect(Page.GetByTestId("picker")).ToContainTextAsync("1 document");
        await Expect(Page.GetByTestId("picker")).Not.ToContainTextAsync("being read");
        await Page.GetByTestId("picker-done").ClickAsync();
    }

    /// <summary>The same person, in another browser.</summary>
    private async Task<IPage> NewVisitorInAsync(string address)
    {
        var visitor = await NewVisitorAsync();
        await visitor.Context.AddCookiesAsync((await Page.Context.CookiesAsync()).Select(cookie => new Cookie
        {
            Name = cookie.Name, Value = cookie.Value, Domain = cookie.Domain, Path = cookie.Path, HttpOnly = cookie.HttpOnly, Secure = cookie.Secure,
        }));
        await visitor.GotoAsync(address);
        return visitor;
    }
}
