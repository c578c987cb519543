using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using AiPlatform.Application.Common;

namespace AiPlatform.Infrastructure.ModelProviders.Offline;

/// <summary>
/// Writes the simplest JSON that a JSON schema allows, with a text in the first free string of it. A pattern is not looked at: text that fits any
/// pattern cannot be made up.
/// </summary>
internal sealed class SchemaFiller
{
    // Deeper than any schema needs; a schema that refers to itself is ended at the first way out beyond Deep.
    private const int Deep = 8;
    private const int Deepest = 24;

    private readonly JsonElement _root;
    private readonly string _text;
    private readonly Utf8JsonWriter _json;
    private bool _placed;

    private SchemaFiller(JsonElement root, string text, Utf8JsonWriter json) => (_root, _text, _json) = (root, text, json);

    public static string Fill(JsonElement schema, string text)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = WireJson.Writer(buffer))
        {
            new SchemaFiller(schema, text, json).Write(schema, 0);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private void Write(JsonElement schema, int depth)
    {
        schema = SchemaReader.Resolve(_root, schema, depth >= Deep);
        if (schema.ValueKind != JsonValueKind.Object) WriteAnything();
        else if (schema.TryGetProperty("const", out var constant)) constant.WriteTo(_json);
        else if (schema.TryGetProperty("enum", out var values) && values.ValueKind == JsonValueKind.Array && values.GetArrayLength() > 0) PickFrom(values).WriteTo(_json);
        else Write(SchemaReader.TypeOf(schema, depth >= Deep), schema, depth);
    }

    private void Write(string type, JsonElement schema, int depth)
    {
        switch (type)
        {
            case "object":
                WriteObject(schema, depth);
                break;
            case "array":
                WriteArray(schema, depth);
                break;
            case "integer" or "number":
                _json.WriteRawValue(SchemaNumbers.Smallest(schema, type == "integer").ToString(CultureInfo.InvariantCulture));
                break;
            case "boolean":
                _json.WriteBooleanValue(false);
                break;
            case "null":
                _json.WriteNullValue();
                break;
            default:
                _json.WriteStringValue(StringFor(schema));
                break;
        }
    }

    private void WriteObject(JsonElement schema, int depth)
    {
        _json.WriteStartObject();
        if (depth < Deepest)
        {
            foreach (var (name, property) in Wanted(schema))
            {
                _json.WritePropertyName(name);
                Write(property, depth + 1);
            }
        }

        _json.WriteEndObject();
    }

    /// <summary>The required properties in the schema's order; where none of those can take the text, the first other that can.</summary>
    private List<(string Name, JsonElement Schema)> Wanted(JsonElement schema)
    {
        var properties = SchemaReader.Properties(schema);
        var required = SchemaReader.Strings(schema, "required");
        var extra = _placed || properties.Exists(property => required.Contains(property.Name) && CanHoldText(property.Schema, 0))
            ? null
            : properties.Find(property => CanHoldText(property.Schema, 0)).Name;
        var wanted = properties.FindAll(property => required.Contains(property.Name) || property.Name == extra);
        wanted.AddRange(required.Where(name => !wanted.Exists(property => property.Name == name)).Select(name => (name, default(JsonElement))));
        return wanted;
    }

    private void WriteArray(JsonElement schema, int depth)
    {
        _json.WriteStartArray();
        if (depth < Deepest)
        {
            var prefix = schema.TryGetProperty("prefixItems", out var tuple) && tuple.ValueKind == JsonValueKind.Array ? tuple.EnumerateArray().ToList() : [];
            var items = schema.TryGetProperty("items", out var each) ? each : default;
            var least = Math.Max(prefix.Count, SchemaNumbers.Of(schema, "minItems"));
            if (least == 0 && depth < Deep && !_placed && CanHoldText(items, 0) && SchemaNumbers.Of(schema, "maxItems", 1) > 0) least = 1;
            for (var i = 0; i < Math.Min(least, 100); i++) Write(i < prefix.Count ? prefix[i] : items, depth + 1);
        }

        _json.WriteEndArray();
    }

    private bool CanHoldText(JsonElement schema, int depth)
    {
        if (depth > Deep) return false;
        schema = SchemaReader.Resolve(_root, schema, false);
        if (schema.ValueKind != JsonValueKind.Object || schema.TryGetProperty("const", out _) || schema.TryGetProperty("enum", out _)) return false;
        return SchemaReader.TypeOf(schema, false) switch
        {
            "string" => !schema.TryGetProperty("format", out _),
            "array" => schema.TryGetProperty("items", out var items) && CanHoldText(items, depth + 1),
            "object" => SchemaReader.Properties(schema).Exists(property => CanHoldText(property.Schema, depth + 1)),
            _ => false,
        };
    }

    private void WriteAnything()
    {
        _json.WriteStringValue(_placed ? "" : _text);
        _placed = true;
    }

    /// <summary>The first value that the text mentions, else the first.</summary>
    private JsonElement PickFrom(JsonElement values)
    {
        var mentioned = values.EnumerateArray().FirstOrDefault(value => value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 1 } word && _text.Contains(word, StringComparison.OrdinalIgnoreCase));
        return mentioned.ValueKind == JsonValueKind.Undefined ? values[0] : mentioned;
    }

    private string StringFor(JsonElement schema)
    {
        var format = schema.TryGetProperty("format", out var name) && name.ValueKind == JsonValueKind.String ? name.GetString() : null;
        var value = format switch
        {
            "date-time" => "1970-01-01T00:00:00Z",
            "date" => "1970-01-01",
            "time" => "00:00:00Z",
            "duration" => "PT0S",
            "email" or "idn-email" => "nobody@example.com",
            "hostname" or "idn-hostname" => "example.com",
            "ipv4" => "127.0.0.1",
            "ipv6" => "::1",
            "uuid" => "00000000-0000-0000-0000-000000000000",
            "uri" or "iri" or "uri-reference" => "https://example.com/",
            _ when !_placed => _text,
            _ => "",
        };
        if (ReferenceEquals(value, _text)) _placed = true;
        return SchemaNumbers.FitLength(schema, value);
    }
}
