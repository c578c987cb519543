using System.Text;
using System.Text.Json;

namespace AiPlatform.Infrastructure.ModelProviders.Offline;

/// <summary>Makes the result of a tool quotable: prose in JSON becomes paragraphs, short fields a line of <c>name: value</c>.</summary>
internal static class ToolResultText
{
    private const int ProseWords = 5;
    private const int Deepest = 32;

    public static string Of(string result)
    {
        var trimmed = result.AsSpan().Trim();
        if (trimmed.Length < 2 || trimmed[0] is not ('{' or '[')) return result;
        try
        {
            using var json = JsonDocument.Parse(result, new JsonDocumentOptions { MaxDepth = Deepest });
            var text = new StringBuilder();
            Write(json.RootElement, null, text);
            return text.ToString();
        }
        catch (JsonException)
        {
            // Text that only begins like JSON is text.
            return result;
        }
    }

    private static void Write(JsonElement element, string? name, StringBuilder text)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var fields = element.EnumerateObject().Where(field => IsShort(field.Value)).Select(field => $"{field.Name}: {field.Value}").ToList();
                if (fields.Count > 0) text.Append("\n\n").AppendJoin(", ", fields);
                foreach (var field in element.EnumerateObject())
                    if (!IsShort(field.Value)) Write(field.Value, field.Name, text);
                break;
            case JsonValueKind.Array when element.GetArrayLength() > 0 && element.EnumerateArray().All(IsShort):
                text.Append("\n\n").Append(name is null ? "" : $"{name}: ").AppendJoin(", ", element.EnumerateArray());
                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray()) Write(item, name, text);
                break;
            case JsonValueKind.Null or JsonValueKind.Undefined:
                break;
            default:
                text.Append("\n\n").Append(element.ToString());
                break;
        }
    }

    private static bool IsShort(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => true,
        JsonValueKind.String => value.GetString() is { } text && text.AsSpan().Count(' ') < ProseWords && !text.Contains('\n', StringComparison.Ordinal) && text.Length < 80,
        _ => false,
    };
}
