using System.Text.Json;
using System.Text.Json.Serialization;

namespace AiPlatform.Application.Chat.Wire;

/// <summary>The body of <c>POST /v1/responses</c>. What is polymorphic in the API stays JSON here and is read where it is used.</summary>
public sealed record CreateResponseRequest
{
    public string? Model { get; init; }

    /// <summary>A string, or an array of items.</summary>
    public JsonElement? Input { get; init; }

    public string? Instructions { get; init; }
    public string? PreviousResponseId { get; init; }

    /// <summary>A conversation's id, or an object with it.</summary>
    public JsonElement? Conversation { get; init; }

    /// <summary>Default: true.</summary>
    public bool? Store { get; init; }

    public bool? Stream { get; init; }
    public bool? Background { get; init; }

    /// <summary>False: the model is not asked. The response ends at once and empty, and a later one can build on its input. Default: true.</summary>
    public bool? Generate { get; init; }

    /// <summary>
    /// Ours: what becomes of a stored response when nobody has read it for 30 s: <c>continue</c> (default) or <c>cancel</c>. Means nothing in the background.
    /// </summary>
    public string? OnDisconnect { get; init; }

    public JsonElement? StreamOptions { get; init; }
    public IReadOnlyList<JsonElement>? Tools { get; init; }
    public JsonElement? ToolChoice { get; init; }
    public bool? ParallelToolCalls { get; init; }
    public int? MaxToolCalls { get; init; }
    public ResponseText? Text { get; init; }
    public ResponseReasoning? Reasoning { get; init; }
    public int? MaxOutputTokens { get; init; }
    public double? Temperature { get; init; }
    public double? TopP { get; init; }
    public int? TopLogprobs { get; init; }

    /// <summary><c>auto</c> or <c>disabled</c> (default).</summary>
    public string? Truncation { get; init; }

    public IReadOnlyList<string>? Include { get; init; }
    public Dictionary<string, string>? Metadata { get; init; }
    public string? User { get; init; }
    public string? SafetyIdentifier { get; init; }
    public string? PromptCacheKey { get; init; }
    public string? PromptCacheRetention { get; init; }
    public JsonElement? PromptCacheOptions { get; init; }
    public string? ServiceTier { get; init; }
    public JsonElement? Prompt { get; init; }
    public JsonElement? ContextManagement { get; init; }
    public JsonElement? Moderation { get; init; }

    /// <summary>Of requests that count input tokens.</summary>
    public JsonElement? Personality { get; init; }

    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Extra { get; set; }
}

/// <summary>How the text is to be: its format (<c>text</c>, <c>json_object</c>, <c>json_schema</c>) and verbosity.</summary>
public sealed record ResponseText
{
    public JsonElement? Format { get; init; }
    public string? Verbosity { get; init; }
}

public sealed record ResponseReasoning
{
    public string? Effort { get; init; }
    public string? Summary { get; init; }

    /// <summary>The older name of <see cref="Summary"/>.</summary>
    public string? GenerateSummary { get; init; }

    public string? Mode { get; init; }
    public string? Context { get; init; }

    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Extra { get; set; }
}
