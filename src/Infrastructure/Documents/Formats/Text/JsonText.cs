using System.Text;
using System.Text.Json;
using AiPlatform.Application.Knowledge.Extraction;
using AiPlatform.Infrastructure.Documents.Parsing;

namespace AiPlatform.Infrastructure.Documents.Formats.Text;

/// <summary>Values with the names that lead to them, a line each; an element of a list, or a line of JSONL, is a paragraph.</summary>
internal static class JsonText
{
    private const int Deepest = 128;
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = Deepest, AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    public static void Read(SourceFile file, DocumentWriter to)
    {
        to.NextPage();
        var text = TextEncodings.Decode(file, to);
        using var document = Parse(text) ?? throw Damaged(line: null);
        var root = document.RootElement;
        if (root.ValueKind is JsonValueKind.Array)
            foreach (var element in root.EnumerateArray()) Write(element, "", to);
        else if (root.ValueKind is JsonValueKind.Object)
            foreach (var property in root.EnumerateObject()) WriteProperty(property, to);
        else
            Write(root, "", to);
    }

    public static void ReadLines(SourceFile file, DocumentWriter to)
    {
        to.NextPage();
        var number = 0;
        foreach (var line in TextEncodings.Decode(file, to).Split('\n'))
        {
            number++;
            if (string.IsNullOrWhiteSpace(line)) continue;
            using var document = Parse(line) ?? throw Damaged(number);
            Write(document.RootElement, "", to);
        }
    }

    /// <summary>A list of a document's first level is as many paragraphs as it has elements.</summary>
    private static void WriteProperty(JsonProperty property, DocumentWriter to)
    {
        if (property.Value.ValueKind is JsonValueKind.Array && property.Value.EnumerateArray().Any(element => element.ValueKind is JsonValueKind.Object))
            foreach (var element in property.Value.EnumerateArray()) Write(element, property.Name, to);
        else
            Write(property.Value, property.Name, to);
    }

    private static void Write(JsonElement element, string path, DocumentWriter to)
    {
        var text = new StringBuilder();
        Append(element, path, text);
        to.Paragraph(text.ToString());
    }

    private static void Append(JsonElement element, string path, StringBuilder text)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var property in element.EnumerateObject()) Append(property.Value, path.Length == 0 ? property.Name : $"{path}.{property.Name}", text);
                break;
            case JsonValueKind.Array when element.EnumerateArray().All(IsPlain):
                AppendLine(string.Join(", ", element.EnumerateArray().Select(item => item.ToString())), path, text);
                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray()) Append(item, path, text);
                break;
            default:
                AppendLine(element.ToString(), path, text);
                break;
        }
    }

    private static bool IsPlain(JsonElement element) => element.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array);

    private static void AppendLine(string value, string path, StringBuilder text)
    {
        if (value.Length == 0) return;
        if (text.Length > 0) text.Append('\n');
        if (path.Length > 0) text.Append(path).Append(": ");
        text.Append(value);
    }

    private static JsonDocument? Parse(string text)
    {
        try
        {
            return JsonDocument.Parse(text, Options);
        }
        catch (JsonException) when (IsDeep(text))
        {
            throw Refuse.TooDeep("JSON file", Deepest);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The parser says it in words only: where it stopped, so many brackets were open.</summary>
    private static bool IsDeep(string text)
    {
        int depth = 0, deepest = 0;
        var quoted = false;
        for (var i = 0; i < text.Length && deepest <= Deepest; i++)
        {
            if (quoted && text[i] == '\\') i++;
            else if (text[i] == '"') quoted = !quoted;
            else if (!quoted && text[i] is '{' or '[') deepest = Math.Max(deepest, ++depth);
            else if (!quoted && text[i] is '}' or ']') depth--;
        }

        return deepest > Deepest;
    }

    private static DocumentRefused Damaged(int? line) =>
        Refuse.Invalid(line is null
            ? "This JSON file is damaged or not complete: it is not valid JSON. Correct it and upload it again."
            : FormattableString.Invariant($"Line {line} of this file is not valid JSON. Correct it and upload it again."));
}
