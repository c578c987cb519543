namespace AiPlatform.Web.Tests;

/// <summary>A headless Chromium that the machine has already, shared by all tests; nothing is ever downloaded. <c>AIPLATFORM_TEST_CHROMIUM</c> names another one.</summary>
public sealed class Browser : IAsyncLifetime
{
    private const string Variable = "AIPLATFORM_TEST_CHROMIUM";
    private const float LimitInMilliseconds = 30_000;

    private static readonly string[] UsualPlaces = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    // A browser in a test has nothing to tell anyone, and asks nobody for updates.
    private static readonly string[] Arguments =
        ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

    private IPlaywright? _playwright;
    private IBrowser? _chromium;

    public async Task InitializeAsync()
    {
        RequireWebApp();
        _playwright = await Playwright.CreateAsync();
        _chromium = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = Executable(), Args = Arguments });
        SetDefaultExpectTimeout(LimitInMilliseconds);
    }

    public async Task DisposeAsync()
    {
        if (_chromium is not null) await _chromium.DisposeAsync();
        _playwright?.Dispose();
    }

    /// <summary>A browser profile of its own: no cookies, nothing stored.</summary>
    public async Task<IBrowserContext> NewProfileAsync(Uri address, ViewportSize? viewport = null)
    {
        var profile = await _chromium!.NewContextAsync(new() { BaseURL = address.ToString(), ViewportSize = viewport ?? new() { Width = 1280, Height = 800 } });
        profile.SetDefaultTimeout(LimitInMilliseconds);
        return profile;
    }

    private static string Executable()
    {
        var named = Environment.GetEnvironmentVariable(Variable);
        if (!string.IsNullOrEmpty(named)) return named;
        return Array.Find(UsualPlaces, File.Exists)
            ?? throw new InvalidOperationException($"These tests need Chromium. Install it (apt-get install chromium), or set {Variable} to its path.");
    }

    private static void RequireWebApp()
    {
        var page = Path.Combine(AppContext.BaseDirectory, "wwwroot", "index.html");
        if (File.Exists(page)) return;
        throw new InvalidOperationException(
            "The web app has not been built. Run ./test, which builds it first, or: npm ci && npm run build in src/Web, then build these tests again.");
    }
}
