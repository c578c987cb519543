using System.Text.Json;

namespace AiPlatform.Infrastructure.ModelProviders.Offline;

/// <summary>Reads the parts of JSON Schema that decide what a value looks like: references, alternatives, types, properties.</summary>
internal static class SchemaReader
{
    private const int MostSteps = 32;

    /// <summary>Follows references and alternatives to a schema that says what it is. <paramref name="ending"/> prefers an alternative that ends.</summary>
    public static JsonElement Resolve(JsonElement root, JsonElement schema, bool ending)
    {
        for (var step = 0; step < MostSteps && schema.ValueKind == JsonValueKind.Object; step++)
        {
            if (schema.TryGetProperty("$ref", out var reference) && reference.ValueKind == JsonValueKind.String) schema = Follow(root, reference.GetString()!);
            else if (Alternatives(schema) is { Count: > 0 } alternatives) schema = Choose(root, alternatives, ending);
            else return schema;
        }

        return schema.ValueKind == JsonValueKind.Object ? default : schema;
    }

    /// <summary>The type of a resolved schema; of several the first, <c>null</c> only if nothing else is allowed or the value should end here.</summary>
    public static string TypeOf(JsonElement schema, bool ending)
    {
        var types = Strings(schema, "type");
        if (types.Count > 0) return ending && types.Contains("null") ? "null" : types.Find(type => type != "null") ?? "null";
        if (schema.TryGetProperty("properties", out _) || schema.TryGetProperty("required", out _) || schema.TryGetProperty("allOf", out _)) return "object";
        if (schema.TryGetProperty("items", out _) || schema.TryGetProperty("prefixItems", out _)) return "array";
        return schema.TryGetProperty("minimum", out _) || schema.TryGetProperty("maximum", out _) ? "number" : "string";
    }

    public static List<(string Name, JsonElement Schema)> Properties(JsonElement schema) =>
        schema.TryGetProperty("properties", out var properties) && properties.ValueKind == JsonValueKind.Object
            ? [.. properties.EnumerateObject().Select(property => (property.Name, property.Value))]
            : [];

    /// <summary>A keyword that is a string or an array of strings.</summary>
    public static List<string> Strings(JsonElement schema, string keyword)
    {
        if (!schema.TryGetProperty(keyword, out var value)) return [];
        if (value.ValueKind == JsonValueKind.String) return [value.GetString()!];
        return value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!)] : [];
    }

    private static JsonElement Follow(JsonElement root, string reference)
    {
        if (!reference.StartsWith('#')) return default;
        var at = root;
        foreach (var escaped in reference[1..].Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            var name = Uri.UnescapeDataString(escaped).Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(name, out at)) return default;
        }

        return at;
    }

    private static List<JsonElement> Alternatives(JsonElement schema)
    {
        foreach (var keyword in (ReadOnlySpan<string>)["anyOf", "oneOf"])
            if (schema.TryGetProperty(keyword, out var list) && list.ValueKind == JsonValueKind.Array) return [.. list.EnumerateArray()];

        // allOf with one member is how generators attach a description to a reference; merging several is not attempted beyond the first.
        return schema.TryGetProperty("allOf", out var all) && all.ValueKind == JsonValueKind.Array && !schema.TryGetProperty("properties", out _) ? [.. all.EnumerateArray().Take(1)] : [];
    }

    private static JsonElement Choose(JsonElement root, List<JsonElement> alternatives, bool ending)
    {
        bool IsKind(JsonElement schema, params ReadOnlySpan<string> types)
        {
            if (schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty("$ref", out var reference) && reference.ValueKind == JsonValueKind.String) schema = Follow(root, reference.GetString()!);
            return schema.ValueKind == JsonValueKind.Object && Alternatives(schema).Count == 0 && types.Contains(TypeOf(schema, false));
        }

        int First(Predicate<JsonElement> wanted) => alternatives.FindIndex(wanted);
        var index = ending ? First(schema => IsKind(schema, "null")) : First(schema => !IsKind(schema, "null"));
        if (ending && index < 0) index = First(schema => !IsKind(schema, "object", "array"));
        return alternatives[Math.Max(0, index)];
    }
}
