using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AiPlatform.Infrastructure.ModelProviders.Anthropic;

/// <summary>The body of <c>POST /v1/messages</c>, as far as we use it.</summary>
internal sealed record MessagesRequest
{
    public required string Model { get; init; }
    public required int MaxTokens { get; init; }
    public required IReadOnlyList<RequestMessage> Messages { get; init; }
    public string? System { get; init; }
    public IReadOnlyList<ToolDefinition>? Tools { get; init; }
    public ToolChoice? ToolChoice { get; init; }
    public IReadOnlyList<string>? StopSequences { get; init; }
    public double? Temperature { get; init; }
    public double? TopP { get; init; }
    public ThinkingConfig? Thinking { get; init; }
    public OutputConfig? OutputConfig { get; init; }
    public RequestMetadata? Metadata { get; init; }
    public bool? Stream { get; init; }

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, MessagesJson.Wire.MessagesRequest);
}

internal sealed record RequestMessage(string Role, List<ContentBlock> Content)
{
    public const string User = "user";
    public const string Assistant = "assistant";
}

/// <summary>One block of a message; which fields it has depends on its type.</summary>
internal sealed record ContentBlock(string Type)
{
    public string? Text { get; init; }
    public BlockSource? Source { get; init; }
    public string? Title { get; init; }
    public string? Id { get; init; }
    public string? Name { get; init; }
    public JsonElement? Input { get; init; }
    public string? ToolUseId { get; init; }
    public IReadOnlyList<ContentBlock>? Content { get; init; }

    public static ContentBlock OfText(string text) => new("text") { Text = text };
}

/// <summary>Where an image or document comes from: <c>base64</c>, <c>text</c> or <c>url</c>.</summary>
internal sealed record BlockSource(string Type)
{
    public string? MediaType { get; init; }
    public string? Data { get; init; }
    public string? Url { get; init; }
}

internal sealed record ToolDefinition(string Name, JsonElement InputSchema)
{
    public string? Description { get; init; }
    public bool? Strict { get; init; }
}

/// <summary><c>auto</c>, <c>any</c>, <c>tool</c> (by name) or <c>none</c>.</summary>
internal sealed record ToolChoice(string Type)
{
    public string? Name { get; init; }
    public bool? DisableParallelToolUse { get; init; }

    [JsonIgnore]
    public bool IsForced => Type is "any" or "tool";
}

internal sealed record ThinkingConfig(string Type)
{
    public int? BudgetTokens { get; init; }
    public string? Display { get; init; }
}

internal sealed record OutputConfig
{
    public string? Effort { get; init; }
    public OutputFormat? Format { get; init; }
}

internal sealed record OutputFormat(string Type, JsonElement Schema);

internal sealed record RequestMetadata(string UserId);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(MessagesRequest))]
internal sealed partial class MessagesJson : JsonSerializerContext
{
    /// <summary>A client's schema or tool arguments may be as deep as a request may be, and lie a few levels deeper here.</summary>
    public static MessagesJson Wire { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = 256,
    });
}
