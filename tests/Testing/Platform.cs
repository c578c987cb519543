using System.ClientModel;
using System.ClientModel.Primitives;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using AiPlatform.Domain.Identity;
using AiPlatform.FakeModels;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenAI;
using Xunit;

namespace AiPlatform.Testing;

/// <summary>
/// The real application on a real socket, with a database of its own and a fake vendor that plays OpenAI and Anthropic. One per test class;
/// a class that needs other settings derives from it.
/// </summary>
public class Platform : IAsyncLifetime
{
    /// <summary>The secrets by which the application calls the vendor: no client and no log may ever see them.</summary>
    public const string OpenAiSecret = "sk-vendor-openai-0123456789";
    public const string AnthropicSecret = "sk-ant-vendor-0123456789";

    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(2);

    private readonly string _announceFile = Path.Combine(Path.GetTempPath(), $"aiplatform-{RandomNumberGenerator.GetHexString(16)}.txt");
    private Application? _application;
    private TestDatabase? _database;
    private FakeModelServer? _vendor;
    private ApiClient? _api;
    private SignedIn? _operator;

    public TestDatabase Database => _database!;
    public FakeModelServer Vendor => _vendor!;
    public LogCapture Log { get; } = new();

    /// <summary>Where the application listens.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>The application's own services, for what cannot be seen from outside.</summary>
    public IServiceProvider Services => _application!.Services;

    /// <summary>The first workspace's API key, with all scopes.</summary>
    public string ApiKey { get; } = "sk-test-" + RandomNumberGenerator.GetHexString(32, lowercase: true);

    /// <summary>A client with <see cref="ApiKey"/>.</summary>
    public ApiClient Api => _api!;

    /// <summary>Whoever installed the platform, signed in by the link that the start announced.</summary>
    public SignedIn Operator => _operator!;

    public ApiClient Client(string? apiKey)
    {
        var http = new HttpClient { BaseAddress = Address };
        if (apiKey is not null) http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
        return new ApiClient(http);
    }

    /// <summary>Makes another workspace.</summary>
    public async Task<Tenant> CreateTenantAsync(CancellationToken cancellationToken)
    {
        var name = "tenant-" + RandomNumberGenerator.GetHexString(8, lowercase: true);
        var created = (await Operator.Api.PostAsync("api/workspaces", new { name, admin_email = $"{name}@example.com" }, cancellationToken)).Ok;
        var admin = await SignedIn.ByLinkAsync(Address, created.GetProperty("sign_in_token").GetString()!, cancellationToken);
        var key = await admin.CreateKeyAsync(new { name = "All", scopes = Scopes.All }, cancellationToken);
        return new Tenant(admin, key, Client(key));
    }

    /// <summary>The official SDK, as a program would use it; without retries, so that a test sees what the server said.</summary>
    public OpenAIClient Sdk(string? apiKey = null) => new(
        new ApiKeyCredential(apiKey ?? ApiKey), new OpenAIClientOptions { Endpoint = new Uri(Address, "v1"), RetryPolicy = new ClientRetryPolicy(0) });

    public virtual async Task InitializeAsync()
    {
        using var limit = new CancellationTokenSource(StartLimit);
        _database = await TestDatabase.CreateAsync(limit.Token);
        _vendor = await FakeModelServer.StartAsync(cancellationToken: limit.Token);
        var settings = ServerSettings.For(_database.ConnectionString, _vendor, ApiKey);
        settings["Bootstrap:AnnounceFile"] = _announceFile;
        Configure(settings);
        _application = new Application(settings, Log, ConfigureServices);
        _application.UseKestrel(0);
        _application.StartServer();
        Address = _application.ClientOptions.BaseAddress;
        _api = Client(ApiKey);
        while (!File.Exists(_announceFile)) await Task.Delay(20, limit.Token);
        var link = await File.ReadAllTextAsync(_announceFile, limit.Token);
        _operator = await SignedIn.ByLinkAsync(Address, link.Split("token=")[1].Split('\n')[0], limit.Token);
    }

    public virtual async Task DisposeAsync()
    {
        _api?.Dispose();
        _operator?.Dispose();
        // The vendor first: runs that still wait for it end, and the application need not wait for them.
        if (_vendor is not null) await _vendor.DisposeAsync();
        if (_application is not null) await _application.DisposeAsync();
        if (_database is not null) await _database.DisposeAsync();
        File.Delete(_announceFile);
    }

    /// <summary>Changes settings before the start.</summary>
    protected virtual void Configure(IDictionary<string, string?> settings)
    {
    }

    /// <summary>Changes services after the application's own.</summary>
    protected virtual void ConfigureServices(IServiceCollection services)
    {
    }

    private sealed class Application(IReadOnlyDictionary<string, string?> settings, LogCapture log, Action<IServiceCollection> configure) : WebApplicationFactory<Program>
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            builder.UseEnvironment("Production").UseContentRoot(AppContext.BaseDirectory);
            // As arguments of the command line, where the application reads them before it builds anything.
            foreach (var (name, value) in settings) builder.UseSetting(name, value);
            builder.ConfigureServices(services => services.AddLogging(logging => logging.ClearProviders().AddProvider(log)));
            builder.ConfigureTestServices(configure);
        }
    }
}
