namespace AiPlatform.Web.Tests;

/// <summary>By which model a collection is searched, as somebody changes it in the page.</summary>
public sealed class EmbeddingModelTests(Platform platform, Browser browser) : WebTest(platform, browser)
{
    private ILocator Current => Page.GetByTestId("current-model");

    [Fact]
    public async Task A_collection_changes_to_another_embedding_model_and_goes_back()
    {
        await EnterAsync();
        await WebDocuments.AddAndWaitAsync(Page, ("harbour.md", "The lighthouse of this changing harbour is lit from dusk to dawn."));
        await OpenAsync();
        await Expect(Current).ToContainTextAsync("offline-embedding (768 dimensions)");

        Vendor.Enqueue(FakeScript.Do("headers=3000") with { When = request => request.Path == "/v1/embeddings" && request.Body.GetRawText().Contains("changing harbour", StringComparison.Ordinal) });
        await Page.GetByTestId("new-model").SelectOptionAsync("fake-embedding");
        await Page.GetByTestId("change-model").ClickAsync();
        await Expect(Page.GetByTestId("model-change")).ToContainTextAsync("Changing to fake-embedding");
        await Expect(Current).ToContainTextAsync("offline-embedding");
        await Expect(Current).ToContainTextAsync("fake-embedding (1,536 dimensions)");

        await Expect(Page.GetByTestId("new-model")).ToContainTextAsync("offline-embedding (the one before)");
        await Page.GetByTestId("change-model").ClickAsync();
        await Expect(Current).ToContainTextAsync("offline-embedding (768 dimensions)");
        Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_change_that_fails_says_why_and_one_that_takes_too_long_is_cancelled()
    {
        await EnterAsync();
        await WebDocuments.AddAndWaitAsync(Page, ("harbour.md", "The lighthouse of this failing harbour is lit from dusk to dawn."));
        await OpenAsync();
        foreach (var script in new[] { "status=401", "hang=headers" })
            Vendor.Enqueue(FakeScript.Do(script) with { When = request => request.Path == "/v1/embeddings" && request.Body.GetRawText().Contains("failing harbour", StringComparison.Ordinal) });

        await Page.GetByTestId("change-model").ClickAsync();
        await Expect(Page.GetByTestId("model-change-failed")).ToContainTextAsync("refused the key");
        await Page.GetByTestId("change-model").ClickAsync();
        await Page.GetByTestId("cancel-model-change").ClickAsync();
        await Expect(Page.GetByTestId("change-model")).ToBeVisibleAsync();
        await Expect(Current).ToContainTextAsync("offline-embedding");
        Problems.ShouldBeEmpty();
    }

    private async Task OpenAsync()
    {
        await Page.GetByTestId("collection-menu").ClickAsync();
        await Page.GetByTestId("embedding-model").ClickAsync();
    }
}
