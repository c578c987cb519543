using System.Text.Json.Nodes;

namespace AiPlatform.Api.OpenApi;

/// <summary>The hand-written parts of the document, embedded from the folders <c>Schemas</c> and <c>Examples</c> beside this file.</summary>
internal static class DocumentParts
{
    private const string Root = "OpenApi/";
    private const string Json = ".json";

    private static readonly Dictionary<string, string> Texts = typeof(DocumentParts).Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith(Root, StringComparison.Ordinal)).Order(StringComparer.Ordinal)
        .ToDictionary(name => name[Root.Length..], Read);

    /// <summary>A file of the folder itself, as JSON.</summary>
    public static JsonObject File(string file) => JsonNode.Parse(Texts[file])!.AsObject();

    /// <summary>All schemas, by name.</summary>
    public static IEnumerable<KeyValuePair<string, JsonNode?>> Schemas => Texts
        .Where(text => text.Key.StartsWith("Schemas/", StringComparison.Ordinal))
        .SelectMany(text => JsonNode.Parse(text.Value)!.AsObject());

    /// <summary>The examples of an operation's request or response: <c>operation.kind.json</c>, and <c>operation.kind.some-name.json</c> for more.</summary>
    public static IEnumerable<(string Name, JsonNode Value)> Examples(string operation, string kind)
    {
        var stem = $"Examples/{operation}.{kind}";
        return Texts.Where(text => text.Key == stem + Json || (text.Key.StartsWith(stem + ".", StringComparison.Ordinal) && text.Key.EndsWith(Json, StringComparison.Ordinal)))
            .Select(text => (Name: text.Key[stem.Length..^Json.Length].TrimStart('.'), Value: JsonNode.Parse(text.Value)!))
            .OrderBy(example => example.Name.Length > 0)
            .Select(example => (example.Name.Length == 0 ? "simple" : example.Name, example.Value));
    }

    /// <summary>An example of an operation's event stream, as it is on the wire.</summary>
    public static string? Stream(string operation) => Texts.GetValueOrDefault($"Examples/{operation}.stream.txt");

    private static string Read(string name)
    {
        using var reader = new StreamReader(typeof(DocumentParts).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
