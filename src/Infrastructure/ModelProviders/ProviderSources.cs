using Microsoft.Extensions.Configuration;

namespace AiPlatform.Infrastructure.ModelProviders;

/// <summary>
/// Which vendors to use: those configured, and those the environment gives away unasked, by the variables their own SDKs read
/// (<c>OPENAI_API_KEY</c> with <c>OPENAI_BASE_URL</c>, <c>ANTHROPIC_API_KEY</c>, <c>OLLAMA_HOST</c>) or by Ollama answering on its usual port.
/// </summary>
internal static class ProviderSources
{
    public const string OfflineName = "offline";
    private const string OllamaDefault = "http://127.0.0.1:11434";

    public static InferenceOptions Read(IConfiguration configuration)
    {
        var options = configuration.Read<InferenceOptions>(InferenceOptions.Section);
        var openAiUrl = Address(configuration, "OPENAI_BASE_URL");
        if (Setting(configuration, "OPENAI_API_KEY") is { } openAiKey) Add("openai", new ProviderOptions { ApiKey = openAiKey, BaseUrl = openAiUrl });
        else if (openAiUrl is not null) Add("openai", new ProviderOptions { BaseUrl = openAiUrl });
        if (Setting(configuration, "ANTHROPIC_API_KEY") is { } anthropicKey)
            Add("anthropic", new ProviderOptions { Type = "anthropic", ApiKey = anthropicKey, BaseUrl = Address(configuration, "ANTHROPIC_BASE_URL") });
        if (Setting(configuration, "OLLAMA_HOST") is { } host) Add("ollama", new ProviderOptions { BaseUrl = OllamaUrl(host) });
        else if (options.DetectOllama) Add("ollama", new ProviderOptions { BaseUrl = OllamaUrl(OllamaDefault), IsGuess = true });
        Validate(options);
        return options;

        void Add(string name, ProviderOptions found)
        {
            if (options.Providers.TryAdd(name, found)) return;
            // Configured for its models, say, but with neither key nor address: the environment completes it. Another address never gets this key.
            var configured = options.Providers[name];
            if (string.IsNullOrEmpty(configured.ApiKey) && configured.BaseUrl is null && configured.Type == found.Type)
                (configured.ApiKey, configured.BaseUrl) = (found.ApiKey, found.BaseUrl);
        }
    }

    private static string? Setting(IConfiguration configuration, string name) => configuration[name]?.Trim() is { Length: > 0 } value ? value : null;

    private static string? Address(IConfiguration configuration, string name) => Setting(configuration, name) switch
    {
        { } value when !IsAddress(value) => throw new ConfigurationError($"{name} is no http(s) address: '{value}'."),
        var value => value,
    };

    private static bool IsAddress(string value) => Uri.TryCreate(value, UriKind.Absolute, out var url) && url.Scheme is "http" or "https";

    // OLLAMA_HOST may be a bare host, host:port or a URL; 0.0.0.0 is where a server listens, not where a client connects to.
    private static string OllamaUrl(string host)
    {
        var url = host.Contains("://", StringComparison.Ordinal) ? host : $"http://{host}";
        if (!IsAddress(url)) throw new ConfigurationError($"OLLAMA_HOST is no address: '{host}'. Expected is for example http://127.0.0.1:11434.");
        var uri = new Uri(url);
        var builder = new UriBuilder(uri) { Path = "/v1" };
        if (builder.Host is "0.0.0.0") builder.Host = "127.0.0.1";
        if (uri.IsDefaultPort && uri.Scheme == "http" && !url.EndsWith(":80", StringComparison.Ordinal)) builder.Port = 11434;
        return builder.Uri.ToString();
    }

    private static void Validate(InferenceOptions options)
    {
        foreach (var (name, provider) in options.Providers)
        {
            var key = $"{InferenceOptions.Section}:Providers:{name}";
            if (name.Equals(OfflineName, StringComparison.OrdinalIgnoreCase)) throw new ConfigurationError($"{key}: the name '{OfflineName}' is taken by the built-in provider. Choose another.");
            if (provider.Type is not ("openai" or "anthropic"))
                throw new ConfigurationError($"{key}:Type is '{provider.Type}'. Use 'openai' (also for compatible servers, with BaseUrl) or 'anthropic'.");
            if (provider.BaseUrl is not null && !IsAddress(provider.BaseUrl))
                throw new ConfigurationError($"{key}:BaseUrl is no http(s) address: '{provider.BaseUrl}'.");
            if (string.IsNullOrEmpty(provider.ApiKey) && provider.BaseUrl is null)
                throw new ConfigurationError($"{key}:ApiKey is missing. Set it{OrVariable(name)}; a server without keys needs a BaseUrl.");
        }

        foreach (var (name, value) in new (string, TimeSpan)[]
        {
            ("Timeouts:Connect", options.Timeouts.Connect),
            ("Timeouts:FirstToken", options.Timeouts.FirstToken),
            ("Timeouts:BetweenTokens", options.Timeouts.BetweenTokens),
            ("Timeouts:Whole", options.Timeouts.Whole),
            ("DiscoveryInterval", options.DiscoveryInterval),
        })
        {
            if (value <= TimeSpan.Zero || value > TimeSpan.FromDays(1))
                throw new ConfigurationError($"{InferenceOptions.Section}:{name} is {value}. It must be more than zero and at most a day, as hh:mm:ss.");
        }
    }

    private static string OrVariable(string provider) =>
        provider.ToLowerInvariant() is "openai" or "anthropic" ? $", or {provider.ToUpperInvariant()}_API_KEY" : "";
}
