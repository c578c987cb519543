namespace AiPlatform.Infrastructure.ModelProviders;

/// <summary>Model vendors and how patient to be with them.</summary>
public sealed class InferenceOptions
{
    public const string Section = "Inference";

    public TimeoutOptions Timeouts { get; set; } = new();

    /// <summary>How long a vendor's list of models is believed.</summary>
    public TimeSpan DiscoveryInterval { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Whether to look for Ollama on this machine's port 11434 when nobody configured it.</summary>
    public bool DetectOllama { get; set; } = true;

    /// <summary>By name, in any case, as configuration keys are.</summary>
    public Dictionary<string, ProviderOptions> Providers { get; set; } = new(StringComparer.OrdinalIgnoreCase);
}

/// <summary>The four timeouts of a model call. Each is a limit of its own, none adds to another.</summary>
public sealed class TimeoutOptions
{
    /// <summary>Until the connection to the vendor stands.</summary>
    public TimeSpan Connect { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>From the request to the first token, thinking aloud included.</summary>
    public TimeSpan FirstToken { get; set; } = TimeSpan.FromSeconds(120);

    /// <summary>Between two tokens.</summary>
    public TimeSpan BetweenTokens { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>The whole call; the only limit of a call that is not streamed, whose answer comes in one piece.</summary>
    public TimeSpan Whole { get; set; } = TimeSpan.FromMinutes(10);
}
