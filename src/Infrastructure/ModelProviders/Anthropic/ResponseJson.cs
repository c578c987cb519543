using System.Text.Json;

namespace AiPlatform.Infrastructure.ModelProviders.Anthropic;

/// <summary>Reads what the vendor sent; what is absent or of another type is null.</summary>
internal static class ResponseJson
{
    public static JsonElement? Object(this JsonElement parent, string name) => Get(parent, name, JsonValueKind.Object);

    public static string? Text(this JsonElement parent, string name) => Get(parent, name, JsonValueKind.String)?.GetString();

    public static int? Number(this JsonElement parent, string name) =>
        Get(parent, name, JsonValueKind.Number) is { } value && value.TryGetInt32(out var number) ? number : null;

    public static IEnumerable<JsonElement> Items(this JsonElement parent, string name) =>
        Get(parent, name, JsonValueKind.Array) is { } array ? array.EnumerateArray() : [];

    private static JsonElement? Get(JsonElement parent, string name, JsonValueKind kind) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) && value.ValueKind == kind ? value : null;
}
