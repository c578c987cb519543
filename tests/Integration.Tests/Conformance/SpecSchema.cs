using System.Text.Json;
using System.Text.RegularExpressions;

namespace AiPlatform.Integration.Tests.Conformance;

/// <summary>Where JSON departs from its schema, and how.</summary>
internal sealed record Departure(string Path, string Problem, bool IsType = false)
{
    public override string ToString() => $"{Path}: {Problem}";
}

/// <summary>
/// Checks JSON against a schema of the API's document, as far as that document uses JSON schema. Fields that the document does not know are fine where it
/// does not forbid them. Of <c>oneOf</c>, one or more branches may fit: the document's own branches often overlap.
/// </summary>
internal sealed class SpecSchema(JsonElement schemas)
{
    public IReadOnlyList<Departure> Check(string name, JsonElement value) => Check(Named(name), value, "$");

    /// <summary>All properties of an object's schema, also those it takes over from others, by name.</summary>
    public IReadOnlyDictionary<string, JsonElement> PropertiesOf(string name)
    {
        var properties = new Dictionary<string, JsonElement>();
        Collect(Named(name), properties);
        return properties;
    }

    private JsonElement Named(string name) =>
        schemas.TryGetProperty(name, out var schema) ? schema : throw new ArgumentException($"The document has no schema '{name}'; cut.mjs decides which it has.", nameof(name));

    private void Collect(JsonElement schema, Dictionary<string, JsonElement> into)
    {
        if (schema.TryGetProperty("$ref", out var target)) Collect(Named(target.GetString()!), into);
        if (schema.TryGetProperty("allOf", out var parts))
            foreach (var part in parts.EnumerateArray()) Collect(part, into);
        if (!schema.TryGetProperty("properties", out var properties)) return;
        foreach (var property in properties.EnumerateObject()) into[property.Name] = property.Value;
    }

    private List<Departure> Check(JsonElement schema, JsonElement value, string path)
    {
        if (value.ValueKind is JsonValueKind.Null && schema.TryGetProperty("nullable", out var nullable) && nullable.GetBoolean()) return [];
        var found = new List<Departure>();
        foreach (var keyword in schema.EnumerateObject()) Check(keyword.Name, keyword.Value, schema, value, path, found);
        return found;
    }

    private void Check(string keyword, JsonElement rule, JsonElement schema, JsonElement value, string path, List<Departure> found)
    {
        switch (keyword)
        {
            case "$ref":
                found.AddRange(Check(Named(rule.GetString()!), value, path));
                break;
            case "type":
                if (!IsOfType(value, rule.GetString()!)) found.Add(new Departure(path, $"should be of type {rule}, but is {value.GetRawText()}", IsType: true));
                break;
            case "enum":
                Require(rule.EnumerateArray().Any(allowed => JsonElement.DeepEquals(allowed, value)), $"should be one of {rule.GetRawText()}, but is {value.GetRawText()}");
                break;
            case "allOf":
                foreach (var part in rule.EnumerateArray()) found.AddRange(Check(part, value, path));
                break;
            case "anyOf" or "oneOf":
                found.AddRange(CheckUnion(rule, schema, value, path));
                break;
            case "required" when value.ValueKind is JsonValueKind.Object:
                foreach (var name in rule.EnumerateArray())
                    Require(value.TryGetProperty(name.GetString()!, out _), $"should have '{name}'");
                break;
            case "properties" when value.ValueKind is JsonValueKind.Object:
                foreach (var property in rule.EnumerateObject())
                    if (value.TryGetProperty(property.Name, out var inner)) found.AddRange(Check(property.Value, inner, $"{path}.{property.Name}"));
                break;
            case "additionalProperties" when value.ValueKind is JsonValueKind.Object:
                foreach (var property in value.EnumerateObject().Where(property => !IsDeclared(schema, property.Name)))
                {
                    if (rule.ValueKind is JsonValueKind.Object) found.AddRange(Check(rule, property.Value, $"{path}.{property.Name}"));
                    else Require(rule.GetBoolean(), $"should not have '{property.Name}'");
                }

                break;
            case "propertyNames" when value.ValueKind is JsonValueKind.Object:
                foreach (var property in value.EnumerateObject()) found.AddRange(Check(rule, JsonSerializer.SerializeToElement(property.Name), $"{path}.{property.Name}"));
                break;
            case "items" when value.ValueKind is JsonValueKind.Array:
                found.AddRange(value.EnumerateArray().SelectMany((entry, index) => Check(rule, entry, $"{path}[{index}]")));
                break;
            case "minLength" when value.ValueKind is JsonValueKind.String:
                Require(value.GetString()!.Length >= rule.GetInt32(), $"should have at least {rule} characters");
                break;
            case "maxLength" when value.ValueKind is JsonValueKind.String:
                Require(value.GetString()!.Length <= rule.GetInt32(), $"should have at most {rule} characters");
                break;
            case "pattern" when value.ValueKind is JsonValueKind.String:
                Require(Regex.IsMatch(value.GetString()!, rule.GetString()!, RegexOptions.None, TimeSpan.FromSeconds(1)), $"should match {rule}, but is {value}");
                break;
            case "minimum" when value.ValueKind is JsonValueKind.Number:
                Require(value.GetDouble() >= rule.GetDouble(), $"should be at least {rule}, but is {value}");
                break;
            case "maximum" when value.ValueKind is JsonValueKind.Number:
                Require(value.GetDouble() <= rule.GetDouble(), $"should be at most {rule}, but is {value}");
                break;
            case "minItems" when value.ValueKind is JsonValueKind.Array:
                Require(value.GetArrayLength() >= rule.GetInt32(), $"should have at least {rule} entries");
                break;
            case "maxItems" when value.ValueKind is JsonValueKind.Array:
                Require(value.GetArrayLength() <= rule.GetInt32(), $"should have at most {rule} entries");
                break;
            case "maxProperties" when value.ValueKind is JsonValueKind.Object:
                Require(value.GetPropertyCount() <= rule.GetInt32(), $"should have at most {rule} properties");
                break;
            case "required" or "properties" or "additionalProperties" or "propertyNames" or "items" or "minLength" or "maxLength" or "pattern" or "minimum" or "maximum"
                or "minItems" or "maxItems" or "maxProperties" or "nullable" or "discriminator":
                break;
            default:
                throw new NotSupportedException($"The document uses '{keyword}', which this check does not know: {schema.GetRawText()}");
        }

        void Require(bool holds, string problem)
        {
            if (!holds) found.Add(new Departure(path, problem));
        }
    }

    /// <summary>Nothing if a branch fits; else what the branch that was probably meant finds.</summary>
    private List<Departure> CheckUnion(JsonElement branches, JsonElement schema, JsonElement value, string path)
    {
        var candidates = branches.EnumerateArray().ToList();
        if (schema.TryGetProperty("discriminator", out var discriminator) && value.ValueKind is JsonValueKind.Object)
        {
            var name = discriminator.GetProperty("propertyName").GetString()!;
            if (value.TryGetProperty(name, out var kind))
            {
                candidates.RemoveAll(branch => !MayHave(branch, name, kind));
                if (candidates.Count == 0) return [new Departure($"{path}.{name}", $"{kind.GetRawText()} is no kind that the document knows here")];
            }
        }

        var attempts = candidates.Select(branch => Check(branch, value, path)).ToList();
        return attempts.Find(found => found.Count == 0) ?? attempts.OrderBy(found => found.Exists(departure => departure.IsType && departure.Path == path)).ThenBy(found => found.Count).First();
    }

    private bool MayHave(JsonElement schema, string property, JsonElement value)
    {
        if (schema.TryGetProperty("$ref", out var target)) return MayHave(Named(target.GetString()!), property, value);
        foreach (var union in new[] { "anyOf", "oneOf" })
            if (schema.TryGetProperty(union, out var branches)) return branches.EnumerateArray().Any(branch => MayHave(branch, property, value));
        if (schema.TryGetProperty("allOf", out var parts)) return parts.EnumerateArray().All(part => MayHave(part, property, value));
        return !schema.TryGetProperty("properties", out var properties) || !properties.TryGetProperty(property, out var rule) || Check(rule, value, "").Count == 0;
    }

    private static bool IsDeclared(JsonElement schema, string property) => schema.TryGetProperty("properties", out var properties) && properties.TryGetProperty(property, out _);

    private static bool IsOfType(JsonElement value, string type) => type switch
    {
        "integer" => value.ValueKind is JsonValueKind.Number && double.IsInteger(value.GetDouble()),
        "number" => value.ValueKind is JsonValueKind.Number,
        "string" => value.ValueKind is JsonValueKind.String,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "array" => value.ValueKind is JsonValueKind.Array,
        "object" => value.ValueKind is JsonValueKind.Object,
        "null" => value.ValueKind is JsonValueKind.Null,
        _ => throw new NotSupportedException($"The document uses the type '{type}', which this check does not know."),
    };
}
