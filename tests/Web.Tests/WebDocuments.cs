namespace AiPlatform.Web.Tests;

/// <summary>Puts documents into the workspace that a page shows, through the page.</summary>
internal static class WebDocuments
{
    /// <summary>Adds texts by the documents page, and waits until all of them can be searched. The page then shows their collection.</summary>
    public static async Task AddAndWaitAsync(IPage page, params (string Name, string Text)[] files)
    {
        await page.GetByTestId("documents-link").ClickAsync();
        await page.GetByTestId("file-input").SetInputFilesAsync(files.Select(file => Payload(file.Name, file.Text)));
        foreach (var (name, _) in files) await Expect(page.GetByTestId("file-row").Filter(new() { HasText = name })).ToHaveAttributeAsync("data-status", "completed");
    }

    public static FilePayload Payload(string name, string text) => new() { Name = name, MimeType = "text/plain", Buffer = System.Text.Encoding.UTF8.GetBytes(text) };
}
