using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace AiPlatform.FakeModels;

/// <summary>A model vendor on a loopback port that speaks OpenAI's and Anthropic's wire formats and misbehaves on demand.</summary>
public sealed class FakeModelServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly FakeState _state;

    private FakeModelServer(WebApplication app, FakeState state)
    {
        _app = app;
        _state = state;
        var address = app.Services.GetRequiredService<IServer>().Features.GetRequired<IServerAddressesFeature>().Addresses.First();
        BaseUri = new Uri(address + "/");
    }

    /// <summary>The root, for example <c>http://127.0.0.1:41234/</c>: Anthropic's base address.</summary>
    public Uri BaseUri { get; }

    /// <summary>OpenAI's base address: the root with <c>v1</c>.</summary>
    public Uri OpenAiBaseUri => new(BaseUri, "v1");

    /// <summary>The latest requests (at most 1000), oldest first.</summary>
    public IReadOnlyList<RecordedRequest> Requests => _state.Log.Snapshot();

    /// <summary>Answers being streamed right now.</summary>
    public int ActiveStreams => _state.Log.ActiveStreams;

    /// <summary>The only API key accepted; null accepts every key but <c>bad-key</c>.</summary>
    public string? ApiKey
    {
        get => _state.ApiKey;
        set => _state.ApiKey = value;
    }

    /// <summary>The behaviour of requests that bring no directive of their own; null for none.</summary>
    public FakeDirective? Standing
    {
        get => _state.Standing;
        set => _state.Standing = value;
    }

    public static async Task<FakeModelServer> StartAsync(int port = 0, CancellationToken cancellationToken = default)
    {
        // The empty builder reads no appsettings.json, environment or user secrets: whatever runs beside it cannot configure it.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Listen(IPAddress.Loopback, port, listen => listen.Protocols = HttpProtocols.Http1);
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1));

        var app = builder.Build();
        var state = new FakeState(TimeProvider.System);
        app.Run(new Router(state).HandleAsync);
        await app.StartAsync(cancellationToken);
        return new FakeModelServer(app, state);
    }

    /// <summary>Queues one answer. Scripts go before directives and are used once, in order.</summary>
    public void Enqueue(FakeScript script)
    {
        ArgumentNullException.ThrowIfNull(script);
        _state.Scripts.Add(script);
    }

    /// <summary>Waits until a recorded request meets the condition, and returns it.</summary>
    public async Task<RecordedRequest> WaitForAsync(Func<RecordedRequest, bool> condition, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (Requests.FirstOrDefault(condition) is { } request) return request;
            await Task.Delay(10, cancellationToken);
        }
    }

    /// <summary>Forgets requests, scripts, the standing behaviour and how often each directive was seen.</summary>
    public void Reset() => _state.Reset();

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
