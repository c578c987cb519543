using System.Text;

namespace AiPlatform.Web.Tests;

public sealed class DocumentTests(Platform platform, Browser browser) : WebTest(platform, browser)
{
    private const string Markdown = """
        # Harbour rules

        Ships enter with the tide. <img src=x onerror=window.hacked=1><script>window.hacked=1</script>

        ## Fees

        | Ship | Fee |
        |---|---|
        | Aurora | 120 |

        - no anchoring
        - no fires

        ```
        const fee = 120;
        ```
        """;

    private ILocator Documents => Page.GetByTestId("file-row");
    private ILocator Collections => Page.GetByTestId("collection-row");

    [Fact]
    public async Task A_dropped_file_makes_the_first_collection_becomes_ready_and_can_be_read()
    {
        await OpenAsync();
        await Expect(Page.GetByTestId("collections-empty")).ToBeVisibleAsync();

        await DropAsync("harbour.md", Markdown);

        await ExpectReadyAsync("harbour.md");
        await Expect(Page.GetByTestId("documents-title")).ToHaveTextAsync("My documents");
        await Expect(Page.GetByTestId("documents-announcer")).ToContainTextAsync("harbour.md is ready.");
        await Document("harbour.md").GetByRole(AriaRole.Link).ClickAsync();
        await ExpectTextAsync();
        await Page.ReloadAsync();
        await ExpectTextAsync();
        await Expect(Page).ToHaveTitleAsync("harbour.md - AiPlatform");
        (await DownloadAsync(Page.GetByTestId("download-original"))).ShouldBe(("harbour.md", Markdown));
        Problems.ShouldBeEmpty();
        Requested.ShouldAllBe(address => address.StartsWith(Platform.Address.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_says_why_and_can_be_tried_again()
    {
        await OpenAsync();

        await AddAsync(("broken.pdf", "%PDF-1.7\nthis is not a document"), ("fine.txt", "All is well."));

        await ExpectReadyAsync("fine.txt");
        await Expect(Document("broken.pdf")).ToHaveAttributeAsync("data-status", "failed");
        var reason = await Document("broken.pdf").GetByTestId("file-error").InnerTextAsync();
        reason.Length.ShouldBeGreaterThan(20);
        await Expect(Page.GetByTestId("collection-details")).ToContainTextAsync("1 failed");
        await Document("broken.pdf").GetByTestId("retry-file").ClickAsync();
        await WaitForRequestAsync("/retry");
        await Expect(Document("broken.pdf").GetByTestId("file-error")).ToHaveTextAsync(reason);

        await Page.GetByTestId("status-filter").SelectOptionAsync("failed");
        await Expect(Documents).ToHaveCountAsync(1);
        await Page.GetByTestId("file-search").FillAsync("fine");
        await Expect(Page.GetByTestId("files-none")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task What_the_server_would_not_take_is_said_before_it_is_sent()
    {
        await OpenAsync();

        await Page.GetByTestId("file-input").SetInputFilesAsync([
            new FilePayload { Name = "empty.txt", MimeType = "text/plain", Buffer = [] },
            new FilePayload { Name = "film.mp4", MimeType = "video/mp4", Buffer = [1, 2, 3] },
        ]);

        await Expect(Page.GetByTestId("upload-error")).ToHaveTextAsync(["The file is empty.", "Files of the kind “.mp4” have no text that can be read."]);
        Requested.ShouldNotContain(address => address.EndsWith("/v1/files", StringComparison.Ordinal));
        await Page.GetByTestId("clear-uploads").ClickAsync();
        await Expect(Page.GetByTestId("files-empty")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_name_that_is_taken_is_a_question()
    {
        await OpenAsync();
        await AddAsync(("a.txt", "The first of all."), ("b.txt", "The second."));
        await ExpectReadyAsync("a.txt");
        await ExpectReadyAsync("b.txt");

        await AddAsync(("a.txt", "The newer of them."));
        await Page.GetByTestId("conflict-replace").ClickAsync();
        await Expect(Documents.Filter(new() { HasText = "18 bytes" })).ToHaveAttributeAsync("data-status", "completed");
        await Expect(Documents).ToHaveCountAsync(2);
        await Document("a.txt").GetByRole(AriaRole.Link).ClickAsync();
        await Expect(Page.GetByTestId("document-page")).ToContainTextAsync("The newer of them.");
        await Page.GoBackAsync();

        await AddAsync(("a.txt", "Another a."), ("b.txt", "Another b."));
        await Page.GetByTestId("for-all").CheckAsync();
        await Page.GetByTestId("conflict-keep").ClickAsync();
        await ExpectReadyAsync("a (2).txt");
        await ExpectReadyAsync("b (2).txt");

        await AddAsync(("a.txt", "Not wanted."));
        await Page.GetByTestId("conflict-skip").ClickAsync();
        await Expect(Documents).ToHaveCountAsync(4);
        Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task Documents_and_collections_can_be_removed_and_collections_renamed()
    {
        await OpenAsync();
        await Page.GetByTestId("new-collection").ClickAsync();
        await Page.GetByTestId("collection-name-form").GetByRole(AriaRole.Textbox).FillAsync("Harbour");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Create" }).ClickAsync();
        await Expect(Page.GetByTestId("documents-title")).ToHaveTextAsync("Harbour");
        await AddAsync(("a.txt", "One."), ("b.txt", "Two."));
        await ExpectReadyAsync("a.txt");
        await ExpectReadyAsync("b.txt");

        await Document("a.txt").GetByTestId("file-menu").ClickAsync();
        await Page.GetByTestId("remove-file").ClickAsync();
        await Page.GetByTestId("confirm-remove").ClickAsync();
        await Expect(Document("a.txt")).ToHaveCountAsync(0);
        await Page.ReloadAsync();
        await Expect(Documents).ToHaveCountAsync(1);

        await Page.GetByTestId("documents-link").ClickAsync();
        await Expect(Collections).ToContainTextAsync("1 document");
        await Collections.GetByTestId("collection-menu").ClickAsync();
        await Page.GetByTestId("rename-collection").ClickAsync();
        await Page.GetByTestId("collection-name-form").GetByRole(AriaRole.Textbox).FillAsync("Old harbour");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Rename" }).ClickAsync();
        await Expect(Collections).ToContainTextAsync("Old harbour");

        await Collections.GetByTestId("collection-menu").ClickAsync();
        await Page.GetByTestId("delete-collection").ClickAsync();
        await Page.GetByTestId("confirm-delete").ClickAsync();
        await Expect(Page.GetByTestId("collections-empty")).ToBeVisibleAsync();
        await Page.ReloadAsync();
        await Expect(Page.GetByTestId("collections-empty")).ToBeVisibleAsync();
        Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_happens_elsewhere_is_seen_at_once()
    {
        await OpenAsync();
        await AddAsync(("a.txt", "One."));
        await ExpectReadyAsync("a.txt");
        var tab = await Page.Context.NewPageAsync();
        await tab.GotoAsync(Page.Url);
        await Expect(tab.GetByTestId("file-row")).ToHaveCountAsync(1);

        await AddAsync(("b.txt", "Two."));

        await Expect(tab.GetByTestId("file-row").Filter(new() { HasText = "b.txt" })).ToHaveAttributeAsync("data-status", "completed");
        Requested.Count(address => address.EndsWith("/events", StringComparison.Ordinal)).ShouldBe(2);
    }

    [Fact]
    public async Task What_is_deleted_elsewhere_says_so_where_it_is_open()
    {
        await OpenAsync();
        await AddAsync(("a.txt", "One."), ("b.txt", "Two."));
        await ExpectReadyAsync("a.txt");
        await ExpectReadyAsync("b.txt");
        var tab = await Page.Context.NewPageAsync();
        await tab.GotoAsync(Page.Url);
        await tab.GetByTestId("file-row").Filter(new() { HasText = "a.txt" }).GetByRole(AriaRole.Link).ClickAsync();
        await Expect(tab.GetByTestId("document-page")).ToContainTextAsync("One.");

        await Document("a.txt").GetByTestId("file-menu").ClickAsync();
        await Page.GetByTestId("remove-file").ClickAsync();
        await Page.GetByTestId("confirm-remove").ClickAsync();
        await Expect(tab.GetByTestId("document-missing")).ToBeVisibleAsync();

        await Page.GetByTestId("collection-menu").ClickAsync();
        await Page.GetByTestId("delete-collection").ClickAsync();
        await Page.GetByTestId("confirm-delete").ClickAsync();
        await Expect(Page.GetByTestId("collections-empty")).ToBeVisibleAsync();
        await Expect(tab.GetByTestId("collection-missing")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_collection_of_another_workspace_does_not_exist()
    {
        var foreign = (await Api.PostAsync("v1/vector_stores", new { name = "Foreign" }, Ct)).Ok.GetProperty("id").GetString();
        await EnterAsync();

        await Page.GotoAsync("/documents/" + foreign);

        await Expect(Page.GetByTestId("collection-missing")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Documents_fit_on_a_phone()
    {
        var phone = await NewVisitorAsync(new() { Width = 390, Height = 844 });
        await EnterAsync(phone);
        await phone.GetByTestId("open-menu").ClickAsync();
        await phone.GetByTestId("documents-link").ClickAsync();
        await Expect(phone.GetByTestId("documents-link")).Not.ToBeInViewportAsync();

        await phone.GetByTestId("file-input").SetInputFilesAsync(Payload(string.Concat(Enumerable.Repeat("long-name-", 15)) + ".txt", new string('x', 4000)));
        var document = phone.GetByTestId("file-row");
        await Expect(document).ToHaveAttributeAsync("data-status", "completed");
        await ExpectNoOverflowAsync();
        await document.GetByRole(AriaRole.Link).ClickAsync();
        await Expect(phone.GetByTestId("document-page")).ToContainTextAsync("xxx");
        await ExpectNoOverflowAsync();

        async Task ExpectNoOverflowAsync() => (await phone.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth")).ShouldBeTrue();
    }

    private async Task OpenAsync()
    {
        await EnterAsync();
        await Page.GetByTestId("documents-link").ClickAsync();
        await Expect(Page.GetByTestId("drop-zone")).ToBeVisibleAsync();
    }

    private async Task AddAsync(params (string Name, string Text)[] files) =>
        await Page.GetByTestId("file-input").SetInputFilesAsync(files.Select(file => Payload(file.Name, file.Text)));

    private static FilePayload Payload(string name, string text) => new() { Name = name, MimeType = "text/plain", Buffer = Encoding.UTF8.GetBytes(text) };

    private async Task DropAsync(string name, string text)
    {
        var transfer = await Page.EvaluateHandleAsync(
            "([name, text]) => { const transfer = new DataTransfer(); transfer.items.add(new File([text], name)); return transfer; }", new[] { name, text });
        await Page.GetByTestId("drop-zone").DispatchEventAsync("dragenter", new { dataTransfer = transfer });
        await Page.GetByTestId("drop-zone").DispatchEventAsync("drop", new { dataTransfer = transfer });
    }

    private ILocator Document(string name) => Documents.Filter(new() { Has = Page.GetByText(name, new() { Exact = true }) });

    private Task ExpectReadyAsync(string name) => Expect(Document(name)).ToHaveAttributeAsync("data-status", "completed");

    private async Task ExpectTextAsync()
    {
        var text = Page.GetByTestId("document-page");
        await Expect(text.GetByRole(AriaRole.Heading, new() { Name = "Harbour rules" })).ToBeVisibleAsync();
        await Expect(text).ToContainTextAsync("Ships enter with the tide.");
        await Expect(text.GetByRole(AriaRole.Columnheader)).ToHaveTextAsync(["Ship", "Fee"]);
        await Expect(text.GetByRole(AriaRole.Cell)).ToHaveTextAsync(["Aurora", "120"]);
        await Expect(text.Locator("li")).ToHaveTextAsync(["no anchoring", "no fires"]);
        await Expect(text.Locator("pre")).ToHaveTextAsync("const fee = 120;");
        await Expect(text.Locator("img, script")).ToHaveCountAsync(0);
        (await Page.EvaluateAsync<bool>("'hacked' in window")).ShouldBeFalse();
    }

    private async Task<(string Name, string Text)> DownloadAsync(ILocator link)
    {
        var download = await Page.RunAndWaitForDownloadAsync(() => link.ClickAsync());
        return (download.SuggestedFilename, await File.ReadAllTextAsync(await download.PathAsync(), Ct));
    }

    private async Task WaitForRequestAsync(string ending)
    {
        while (!Requested.Any(address => address.EndsWith(ending, StringComparison.Ordinal))) await Task.Delay(50, Ct);
    }
}
