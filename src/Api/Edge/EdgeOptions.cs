namespace AiPlatform.Api;

/// <summary>The HTTP edge, under <c>Edge</c>.</summary>
public sealed class EdgeOptions
{
    public const string Section = "Edge";

    /// <summary>Origins of browser apps that may call <c>/v1</c> with an API key, such as <c>https://app.example.com</c>. Default: none.</summary>
    public string[] CorsOrigins { get; set; } = [];

    /// <summary>Addresses of reverse proxies whose <c>X-Forwarded-*</c> headers are believed. Default: none.</summary>
    public string[] KnownProxies { get; set; } = [];

    /// <summary>The largest request body; images travel inside. Default: 32 MiB.</summary>
    public long MaxRequestBodyBytes { get; set; } = 32 * 1024 * 1024;

    /// <summary>How long a stream may be silent before a comment keeps it open.</summary>
    public TimeSpan Heartbeat { get; set; } = TimeSpan.FromSeconds(15);

    public SocketOptions WebSockets { get; set; } = new();
}
