using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace AiPlatform.Web.Tests;

[CollectionDefinition(nameof(WebTests))]
public sealed class WebTests : ICollectionFixture<Platform>, ICollectionFixture<Browser>;

/// <summary>A test of the web app as someone uses it: a workspace of its own, and a browser profile with one page.</summary>
[Collection(nameof(WebTests))]
public abstract class WebTest(Platform platform, Browser browser) : PlatformTest(platform), IAsyncLifetime
{
    protected const string Model = "fake-chat";

    private readonly ConcurrentQueue<string> _problems = [];
    private readonly ConcurrentQueue<string> _requested = [];
    private readonly List<IBrowserContext> _profiles = [];

    protected IPage Page { get; private set; } = null!;

    /// <summary>Of the workspace's admin, who has no password yet.</summary>
    protected string Email { get; private set; } = "";

    /// <summary>The admin's one-time link, as an address within the page.</summary>
    protected string SignInLink { get; private set; } = "";

    /// <summary>Where the page finds the server.</summary>
    protected virtual Uri Address => Platform.Address;

    /// <summary>What the page has complained about in the console, and exceptions that nobody caught.</summary>
    protected IReadOnlyCollection<string> Problems => _problems;

    /// <summary>Every address the page has asked for.</summary>
    protected IReadOnlyCollection<string> Requested => _requested;

    protected ILocator Answer => Page.GetByTestId("message-assistant").Last;
    protected ILocator Questions => Page.GetByTestId("message-user");
    protected ILocator Rows => Page.GetByTestId("conversation-row");

    public async Task InitializeAsync()
    {
        var name = "web-" + RandomNumberGenerator.GetHexString(8, lowercase: true);
        Email = $"{name}@example.com";
        var created = (await Platform.Operator.Api.PostAsync("api/workspaces", new { name, admin_email = Email }, Ct)).Ok;
        SignInLink = "/sign-in?token=" + created.GetProperty("sign_in_token").GetString();
        Page = await NewVisitorAsync();
    }

    public virtual async Task DisposeAsync()
    {
        foreach (var profile in _profiles) await profile.DisposeAsync();
    }

    /// <summary>A page in a browser profile that knows nothing of the others.</summary>
    protected async Task<IPage> NewVisitorAsync(ViewportSize? viewport = null)
    {
        var profile = await browser.NewProfileAsync(Address, viewport);
        _profiles.Add(profile);
        profile.Request += (_, request) => _requested.Enqueue(request.Url);
        profile.WebError += (_, error) => _problems.Enqueue(error.Error);
        profile.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning") _problems.Enqueue(message.Text);
        };
        return await profile.NewPageAsync();
    }

    /// <summary>Opens the link, leaves the password for later, and picks the model.</summary>
    protected async Task EnterAsync(IPage? page = null)
    {
        page ??= Page;
        await page.GotoAsync(SignInLink);
        await page.GetByRole(AriaRole.Button, new() { Name = "Later" }).ClickAsync();
        await page.GetByTestId("model-picker").SelectOptionAsync(Model);
    }

    protected async Task AskAsync(string message, IPage? page = null)
    {
        var box = (page ?? Page).GetByTestId("message-input");
        await box.FillAsync(message);
        await box.PressAsync("Enter");
    }

    protected async Task AskAndWaitAsync(string message)
    {
        await AskAsync(message);
        await Expect(Answer).ToHaveAttributeAsync("data-streaming", "false");
    }
}
