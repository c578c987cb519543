using System.Text.Json;

namespace AiPlatform.Integration.Tests.Conformance;

/// <summary>The document of the OpenAI API, cut to the schemas of our endpoints.</summary>
internal static class Spec
{
    private static readonly SpecSchema Schemas = Load();

    public static IReadOnlyDictionary<string, JsonElement> PropertiesOf(string schema) => Schemas.PropertiesOf(schema);

    public static IReadOnlyList<Departure> Check(string schema, JsonElement json) => Schemas.Check(schema, json);

    /// <summary>Fails with every departure from the schema.</summary>
    public static JsonElement ShouldBe(this JsonElement json, string schema)
    {
        var found = Schemas.Check(schema, json);
        found.ShouldBeEmpty($"This is no {schema}:\n{string.Join('\n', found)}\n{json.GetRawText()}");
        return json;
    }

    private static SpecSchema Load()
    {
        using var stream = typeof(Spec).Assembly.GetManifestResourceStream("openai-api.json")!;
        using var document = JsonDocument.Parse(stream);
        return new SpecSchema(document.RootElement.GetProperty("schemas").Clone());
    }
}
