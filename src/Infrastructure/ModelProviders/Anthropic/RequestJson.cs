using System.Text.Json;
using AiPlatform.Domain.Common;

namespace AiPlatform.Infrastructure.ModelProviders.Anthropic;

/// <summary>Reads loosely typed parts of a request.</summary>
internal static class RequestJson
{
    public static JsonElement? Object(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Object ? value : null;

    /// <summary>The string under <paramref name="name"/>; null if it is absent or null.</summary>
    public static string? String(JsonElement parent, string name, string param)
    {
        if (parent.ValueKind != JsonValueKind.Object) throw new InvalidRequest("invalid_type", $"'{param}' must be an object.", param);
        if (!parent.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null) return null;
        return value.ValueKind == JsonValueKind.String
            ? Text(value, param)
            : throw new InvalidRequest("invalid_type", $"'{param}.{name}' must be a string.", $"{param}.{name}");
    }

    public static string Text(JsonElement value, string param)
    {
        try
        {
            return value.GetString() ?? "";
        }
        catch (InvalidOperationException)
        {
            // JSON may escape half a surrogate pair; .NET strings from it, and UTF-8, may not.
            throw new InvalidRequest("invalid_value", $"'{param}' holds a broken Unicode escape. Send whole surrogate pairs.", param);
        }
    }
}
