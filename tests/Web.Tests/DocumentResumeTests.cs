using System.Text;

namespace AiPlatform.Web.Tests;

/// <summary>Documents over a line that a test can cut.</summary>
public sealed class DocumentResumeTests(Platform platform, Browser browser) : WebTest(platform, browser)
{
    private readonly TcpRelay _line = new(platform.Address.Host, platform.Address.Port);

    protected override Uri Address => new($"http://127.0.0.1:{_line.Port}");

    private ILocator Documents => Page.GetByTestId("file-row");

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await _line.DisposeAsync();
    }

    [Fact]
    public async Task A_page_that_lost_the_server_uploads_and_follows_again_by_itself()
    {
        await EnterAsync();
        await Page.GetByTestId("documents-link").ClickAsync();
        await AddAsync("a.txt");
        await Expect(Documents).ToHaveAttributeAsync("data-status", "completed");

        await _line.CutAsync();
        await Expect(Page.GetByText("Reconnecting…")).ToBeVisibleAsync();
        await AddAsync("b.txt");
        await Expect(Page.GetByTestId("upload-error")).ToContainTextAsync("Trying again");
        _line.Restore();

        await Expect(Page.GetByText("Reconnecting…")).ToHaveCountAsync(0);
        await Expect(Documents).ToHaveCountAsync(2);
        await Expect(Documents.Filter(new() { HasText = "b.txt" })).ToHaveAttributeAsync("data-status", "completed");
        await Expect(Page.GetByTestId("uploads")).ToHaveCountAsync(0);
    }

    private Task AddAsync(string name) =>
        Page.GetByTestId("file-input").SetInputFilesAsync(new FilePayload { Name = name, MimeType = "text/plain", Buffer = Encoding.UTF8.GetBytes("Something.") });
}
