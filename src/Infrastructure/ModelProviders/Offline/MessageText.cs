using System.Text;
using System.Text.Json;

namespace AiPlatform.Infrastructure.ModelProviders.Offline;

/// <summary>The text of a message's content: a string, or the text among its parts.</summary>
internal static class MessageText
{
    public static string Of(JsonElement? content)
    {
        if (content is not { } value) return "";
        if (value.ValueKind == JsonValueKind.String) return value.GetString()!;
        var text = new StringBuilder();
        foreach (var part in Parts(value))
        {
            if (TypeOf(part) is not ("text" or "input_text" or "output_text" or "refusal")) continue;
            if (text.Length > 0) text.Append("\n\n");
            foreach (var name in (ReadOnlySpan<string>)["text", "refusal"])
                if (part.TryGetProperty(name, out var found) && found.ValueKind == JsonValueKind.String) text.Append(found.GetString());
        }

        return text.ToString();
    }

    /// <summary>What the content holds besides text, in words: images, audio, files.</summary>
    public static IEnumerable<string> Unreadable(JsonElement? content) =>
        content is { } value ? Parts(value).Select(part => TypeOf(part) switch
        {
            "image_url" or "input_image" => "images",
            "input_audio" => "audio",
            "file" or "input_file" => "files",
            _ => "",
        }).Where(kind => kind.Length > 0) : [];

    private static IEnumerable<JsonElement> Parts(JsonElement content) =>
        content.ValueKind == JsonValueKind.Array ? content.EnumerateArray().Where(part => part.ValueKind == JsonValueKind.Object) : [];

    private static string? TypeOf(JsonElement part) =>
        part.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String ? type.GetString() : null;
}
