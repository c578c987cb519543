using System.Text.Json;
using System.Text.Json.Serialization;

namespace AiPlatform.Application.Inference.Contracts;

/// <summary>
/// The body of <c>POST /v1/chat/completions</c>, and at once the language of the chat port: every vendor's adapter understands it,
/// so nothing a client sent is lost on the way to a vendor that speaks the same API. Fields not named here are kept in <see cref="Extra"/>.
/// </summary>
public sealed record ChatCompletionRequest
{
    public string Model { get; init; } = "";
    public IReadOnlyList<ChatMessage> Messages { get; init; } = [];
    public bool? Stream { get; init; }
    public ChatStreamOptions? StreamOptions { get; init; }
    public int? N { get; init; }
    public double? Temperature { get; init; }
    public double? TopP { get; init; }
    public int? MaxTokens { get; init; }
    public int? MaxCompletionTokens { get; init; }
    public double? FrequencyPenalty { get; init; }
    public double? PresencePenalty { get; init; }

    /// <summary>A string, or an array of up to four strings.</summary>
    public JsonElement? Stop { get; init; }

    public IReadOnlyList<ChatTool>? Tools { get; init; }

    /// <summary><c>none</c>, <c>auto</c>, <c>required</c>, or an object naming a tool.</summary>
    public JsonElement? ToolChoice { get; init; }

    public bool? ParallelToolCalls { get; init; }
    public ChatResponseFormat? ResponseFormat { get; init; }
    public bool? Logprobs { get; init; }
    public int? TopLogprobs { get; init; }
    public string? ReasoningEffort { get; init; }
    public Dictionary<string, string>? Metadata { get; init; }
    public string? User { get; init; }

    /// <summary>
    /// Ours: documents to answer from, as <c>{vector_store_ids, max_num_results?, filters?, ranking_options?, trusted?}</c>. Never passed on.
    /// </summary>
    public JsonElement? FileSearch { get; init; }

    /// <summary>Accepted as the API has it; completions are not stored here, so it is never passed on.</summary>
    public bool? Store { get; init; }

    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Extra { get; set; }

    /// <summary>The caller's bound on generated tokens, under either of its two names.</summary>
    [JsonIgnore]
    public int? OutputLimit => MaxCompletionTokens ?? MaxTokens;
}

public sealed record ChatStreamOptions
{
    public bool? IncludeUsage { get; init; }

    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Extra { get; set; }
}

public sealed record ChatMessage
{
    /// <summary><c>system</c>, <c>developer</c>, <c>user</c>, <c>assistant</c>, <c>tool</c> or <c>function</c>.</summary>
    public string Role { get; init; } = "";

    /// <summary>A string, an array of content parts, or null (an assistant message with tool calls only).</summary>
    public JsonElement? Content { get; init; }

    public string? Name { get; init; }
    public string? Refusal { get; init; }
    public IReadOnlyList<ChatToolCall>? ToolCalls { get; init; }
    public string? ToolCallId { get; init; }

    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Extra { get; set; }
}

public sealed record ChatToolCall
{
    public string Id { get; init; } = "";
    public string Type { get; init; } = "function";
    public ChatFunctionCall? Function { get; init; }

    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Extra { get; set; }
}

public sealed record ChatFunctionCall
{
    public string Name { get; init; } = "";

    /// <summary>The arguments as the model wrote them: text that is meant to be JSON.</summary>
    public string Arguments { get; init; } = "";
}

public sealed record ChatTool
{
    public string Type { get; init; } = "function";
    public ChatFunction? Function { get; init; }

    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Extra { get; set; }
}

public sealed record ChatFunction
{
    public string Name { get; init; } = "";
    public string? Description { get; init; }

    /// <summary>A JSON schema object.</summary>
    public JsonElement? Parameters { get; init; }

    public bool? Strict { get; init; }

    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Extra { get; set; }
}

public sealed record ChatResponseFormat
{
    /// <summary><c>text</c>, <c>json_object</c> or <c>json_schema</c>.</summary>
    public string Type { get; init; } = "text";

    /// <summary>For <c>json_schema</c>: its name, schema, description and strictness.</summary>
    public JsonElement? JsonSchema { get; init; }

    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Extra { get; set; }
}
