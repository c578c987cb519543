namespace AiPlatform.Infrastructure.ModelProviders;

/// <summary>A model vendor, under <c>Inference:Providers:{name}</c>.</summary>
public sealed class ProviderOptions
{
    /// <summary><c>openai</c> (also for every server that speaks OpenAI's API: Ollama, vLLM, llama.cpp, LM Studio, Gemini) or <c>anthropic</c>.</summary>
    public string Type { get; set; } = "openai";

    /// <summary>Where its API starts, up to and including <c>/v1</c> for OpenAI-compatible servers. Default: the vendor's own.</summary>
    public string? BaseUrl { get; set; }

    /// <summary>Its secret. Never logged, never sent to a client.</summary>
    public string? ApiKey { get; set; }

    /// <summary>Whether to ask the vendor for its list of models, beside those under <see cref="Models"/>.</summary>
    public bool Discover { get; set; } = true;

    /// <summary>Models by the id clients use; add what the vendor's list does not tell, such as the context window.</summary>
    public Dictionary<string, ModelOptions> Models { get; set; } = [];

    /// <summary>Nobody asked for it; it is there only if it answers, and nobody is told when it does not.</summary>
    internal bool IsGuess { get; init; }
}

/// <summary>What is known of one model, under <c>Inference:Providers:{name}:Models:{id}</c>.</summary>
public sealed class ModelOptions
{
    /// <summary>The vendor's name for it, where it differs from the id.</summary>
    public string? UpstreamName { get; set; }

    /// <summary>Tokens of prompt and answer together.</summary>
    public int? ContextWindow { get; set; }

    /// <summary>The most tokens it can write in one answer.</summary>
    public int? MaxOutputTokens { get; set; }

    /// <summary>
    /// Whether it goes on with a last message of its own (a prefill). An answer that broke off is then continued that way; other models are asked to go on.
    /// </summary>
    public bool? Prefill { get; set; }

    /// <summary>Whether it can call tools. Where nothing is said its vendor is asked by trying; false spares the attempt.</summary>
    public bool? Tools { get; set; }
}
