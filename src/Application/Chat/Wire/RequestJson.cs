using System.Security.Cryptography;
using System.Text.Json;
using AiPlatform.Application.Common;

namespace AiPlatform.Application.Chat.Wire;

/// <summary>The body of a request for a response, as it is kept as long as the run lasts, and as its repeats are recognised.</summary>
internal static class RequestJson
{
    private static readonly JsonSerializerOptions Options = WireJson.Configure(new JsonSerializerOptions());

    /// <summary>Without the input, whose items are stored as such.</summary>
    public static string ToJson(CreateResponseRequest request) => JsonSerializer.Serialize(request with { Input = null }, Options);

    public static CreateResponseRequest Parse(string json) => JsonSerializer.Deserialize<CreateResponseRequest>(json, Options)!;

    /// <summary>Says whether two bodies ask for the same. How the answer is delivered is not part of it: a repeat may stream what the first awaited.</summary>
    public static byte[] HashOf(CreateResponseRequest request) =>
        SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(request with { Stream = null, StreamOptions = null }, Options));
}
