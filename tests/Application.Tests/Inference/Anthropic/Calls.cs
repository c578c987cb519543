using System.Text.Json;
using AiPlatform.Application.Common;
using AiPlatform.Application.Inference.Contracts;
using AiPlatform.Domain.Common;
using AiPlatform.Infrastructure.ModelProviders.Anthropic;

namespace AiPlatform.Application.Tests.Inference.Anthropic;

/// <summary>Model calls as a client would write them, and what becomes of them.</summary>
internal static class Calls
{
    private static readonly JsonSerializerOptions AsTheApiReads = WireJson.Configure(new JsonSerializerOptions());

    public static ModelCall Of(string json, string model = "claude-sonnet-4-5", int? maxOutput = null) => new(
        new ModelDescriptor { Id = "ours", Provider = "anthropic", UpstreamName = model, MaxOutputTokens = maxOutput },
        JsonSerializer.Deserialize<ChatCompletionRequest>(json, AsTheApiReads)!);

    /// <summary>A call that says <paramref name="text"/>, with further fields of the request.</summary>
    public static ModelCall Saying(string text, string more = "", string model = "fake-claude") =>
        Of($$"""{"model":"ours","messages":[{"role":"user","content":{{JsonSerializer.Serialize(text)}}}]{{(more.Length > 0 ? "," + more : "")}}}""", model);

    public static JsonElement Mapped(string json, string model = "claude-sonnet-4-5", int? maxOutput = null) =>
        JsonElement.Parse(RequestMapper.Map(Of(json, model, maxOutput), stream: false).ToJson());

    /// <summary>What a request with a plain message and <paramref name="more"/> is mapped to.</summary>
    public static JsonElement With(string more, string model = "claude-sonnet-4-5", int? maxOutput = null) =>
        Mapped($$"""{"model":"ours","messages":[{"role":"user","content":"Hi"}],{{more}}}""", model, maxOutput);

    public static JsonElement Messages(string messages) => Mapped($$"""{"model":"ours","messages":{{messages}}}""");

    public static InvalidRequest Refusal(string more, string model = "claude-sonnet-4-5") => Should.Throw<InvalidRequest>(() => With(more, model));

    public static void ShouldBe(this JsonElement actual, string expected) =>
        JsonElement.DeepEquals(actual, JsonElement.Parse(expected)).ShouldBeTrue($"Expected {expected} but got {actual.GetRawText()}");

    public static JsonElement? Field(this JsonElement parent, string name) => parent.TryGetProperty(name, out var value) ? value : null;
}
