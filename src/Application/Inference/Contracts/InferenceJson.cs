using System.Text.Json;
using System.Text.Json.Serialization;
using AiPlatform.Application.Common;

namespace AiPlatform.Application.Inference.Contracts;

/// <summary>Source-generated JSON of the chat port's language.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ChatCompletionRequest))]
public sealed partial class InferenceJson : JsonSerializerContext
{
    /// <summary>The context with the house rules that attributes cannot express (the encoder).</summary>
    public static InferenceJson Wire { get; } = new(WireJson.Configure(new JsonSerializerOptions()));
}
