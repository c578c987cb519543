using System.Text.Json;
using System.Text.Json.Nodes;

namespace AiPlatform.FakeModels;

/// <summary>A small value that satisfies a JSON schema, as a model answers when <c>response_format</c> asks for one.</summary>
internal static class SchemaExample
{
    private const int Deepest = 16;

    public static string Of(JsonElement schema) => (Build(schema, schema, 0) ?? JsonValue.Create("null"))!.ToJsonString();

    private static JsonNode? Build(JsonElement schema, JsonElement root, int depth)
    {
        if (depth > Deepest) return null;
        if (schema.TryText("$ref") is { } reference) return Resolve(root, reference) is { } target ? Build(target, root, depth + 1) : null;
        if (schema.Try("const") is { } constant) return JsonNode.Parse(constant.GetRawText());
        if (schema.Items("enum").FirstOrDefault() is { ValueKind: not JsonValueKind.Undefined } first) return JsonNode.Parse(first.GetRawText());
        if (schema.Items("anyOf").FirstOrDefault() is { ValueKind: JsonValueKind.Object } any) return Build(any, root, depth + 1);

        return TypeOf(schema) switch
        {
            "object" => new JsonObject(Properties(schema).Select(property =>
                KeyValuePair.Create(property.Name, Build(property.Value, root, depth + 1)))),
            "array" => schema.Try("items") is { } items && depth < Deepest ? new JsonArray(Build(items, root, depth + 1)) : new JsonArray(),
            "integer" => JsonValue.Create(schema.TryNumber("minimum") ?? 1),
            "number" => JsonValue.Create(1.5),
            "boolean" => JsonValue.Create(true),
            "null" => null,
            _ => JsonValue.Create("text"),
        };
    }

    private static string? TypeOf(JsonElement schema) => schema.Try("type") switch
    {
        { ValueKind: JsonValueKind.String } type => type.GetString(),
        { ValueKind: JsonValueKind.Array } types => types.EnumerateArray().FirstOrDefault().GetString(),
        _ => schema.Try("properties") is null ? null : "object",
    };

    private static JsonElement.ObjectEnumerator Properties(JsonElement schema) =>
        schema.Try("properties") is { } properties ? properties.EnumerateObject() : default;

    private static JsonElement? Resolve(JsonElement root, string reference)
    {
        JsonElement? current = root;
        foreach (var step in reference.TrimStart('#').Split('/', StringSplitOptions.RemoveEmptyEntries)) current = current?.Try(step);
        return current;
    }
}
