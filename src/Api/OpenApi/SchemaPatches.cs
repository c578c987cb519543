using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Microsoft.OpenApi.Reader;

namespace AiPlatform.Api.OpenApi;

/// <summary>
/// Completes the schemas that are generated from C# types with what the types do not say (ranges, choices, constants), and adds those of JSON that no
/// type describes. Each schema in the folder <c>Schemas</c> is a JSON merge patch (RFC 7396) onto the generated one, or a whole one where there is none.
/// </summary>
internal static class SchemaPatches
{
    private const OpenApiSpecVersion Version = OpenApiSpecVersion.OpenApi3_1;

    /// <summary>What a property of type <c>JsonElement</c> refers to: the patch says what it takes.</summary>
    private const string FreeJson = "#/components/schemas/JsonElement";

    public static async Task ApplyAsync(OpenApiDocument document, CancellationToken cancellationToken)
    {
        var schemas = new SortedDictionary<string, JsonNode>(StringComparer.Ordinal);
        foreach (var (name, generated) in document.Components?.Schemas ?? new Dictionary<string, IOpenApiSchema>())
            schemas[name] = WithoutNulls(JsonNode.Parse(await generated.SerializeAsJsonAsync(Version, cancellationToken))!);
        foreach (var (name, patch) in DocumentParts.Schemas)
            schemas[name] = Merge(schemas.GetValueOrDefault(name), patch!)!;

        // Nothing refers to it any more: a test sees to that.
        schemas.Remove("JsonElement");
        document.Components!.Schemas = new Dictionary<string, IOpenApiSchema>();
        foreach (var (name, json) in schemas)
        {
            var schema = OpenApiModelFactory.Parse<OpenApiSchema>(json.ToJsonString(), Version, document, out var diagnostic, OpenApiConstants.Json);
            if (diagnostic.Errors is [var error, ..]) throw new InvalidOperationException($"The schema {name} is wrong: {error.Message}");
            document.AddComponent(name, schema!);
        }
    }

    /// <summary>What can be null in C# is optional on the wire: requests may leave it out, answers do.</summary>
    private static JsonNode WithoutNulls(JsonNode node)
    {
        if (node is JsonArray array) return new JsonArray([.. array.Select(item => WithoutNulls(item!.DeepClone()))]);
        if (node is not JsonObject schema) return node.DeepClone();
        if (schema["oneOf"] is JsonArray { Count: 2 } choice && choice[0] is JsonObject first && (string?)first["type"] == "null") return WithoutNulls(choice[1]!);

        var result = new JsonObject();
        foreach (var (name, value) in schema)
            result[name] = name == "type" && value is JsonArray types ? (string?)types.First(type => (string?)type != "null") : WithoutNulls(value!);
        if (result["required"] is JsonArray required && schema["properties"] is JsonObject properties)
            result["required"] = new JsonArray([.. required.Where(name => !CanBeNull(properties[(string)name!]!)).Select(name => name!.DeepClone())]);
        return result;
    }

    private static bool CanBeNull(JsonNode property) =>
        (property["type"] is JsonArray types && types.Any(type => (string?)type == "null"))
        || (property["oneOf"] is JsonArray choice && choice.Any(one => one is JsonObject && one["type"] is JsonValue type && (string?)type == "null"));

    private static JsonNode? Merge(JsonNode? target, JsonNode? patch)
    {
        if (patch is not JsonObject changes) return patch?.DeepClone();
        var result = target is JsonObject before && before["$ref"]?.ToString() != FreeJson ? before.DeepClone().AsObject() : [];
        foreach (var (name, value) in changes)
        {
            if (value is null) result.Remove(name);
            else result[name] = Merge(result[name], value);
        }

        return result;
    }
}
