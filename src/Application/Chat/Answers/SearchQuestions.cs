using System.Text.Json;
using AiPlatform.Application.Inference.Contracts;

namespace AiPlatform.Application.Chat.Answers;

/// <summary>What to search the documents for: as a model words it, or as the conversation's last turns have it.</summary>
internal static class SearchQuestions
{
    private const int Longest = 1000;
    private const int MostQueries = 5;

    // "And in 2023?" says too little by itself.
    private const int FewWords = 5;
    private const int FewLetters = 24;

    /// <summary>The last question, and where that says little, also with the one before it; nothing where nobody asked in words.</summary>
    public static IReadOnlyList<string> Of(IReadOnlyList<ChatMessage> messages)
    {
        var asked = messages.Where(message => message.Role == "user").Select(message => TextOf(message.Content).Trim()).Where(text => text.Length > 0).TakeLast(2).Select(Shorten).ToList();
        if (asked is not [var before, var last]) return asked;
        var saysLittle = last.Length <= FewLetters || last.Split((char[]?)null, FewWords + 1, StringSplitOptions.RemoveEmptyEntries).Length <= FewWords;
        return saysLittle ? [last, Shorten($"{before}\n{last}")] : [last];
    }

    /// <summary>The queries in a call's arguments, which are meant to be JSON: none where they are something else.</summary>
    public static IReadOnlyList<string> In(string arguments)
    {
        try
        {
            using var json = JsonDocument.Parse(arguments);
            var root = json.RootElement;
            if (root.ValueKind is not JsonValueKind.Object) return [];
            if (root.TryGetProperty("queries", out var several) && several.ValueKind is JsonValueKind.Array)
                return [.. several.EnumerateArray().Select(TextOrNone).Where(query => query.Length > 0).Distinct().Take(MostQueries)];
            var one = TextOrNone(root.TryGetProperty("queries", out var single) || root.TryGetProperty("query", out single) ? single : default);
            return one.Length > 0 ? [one] : [];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return [];
        }
    }

    private static string TextOrNone(JsonElement value) => value.ValueKind is JsonValueKind.String ? Shorten(value.GetString()!.Replace('\0', ' ').Trim()) : "";

    private static string TextOf(JsonElement? content) => content switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString()!,
        { ValueKind: JsonValueKind.Array } parts => string.Join('\n', parts.EnumerateArray()
            .Where(part => part.ValueKind is JsonValueKind.Object && part.TryGetProperty("text", out var text) && text.ValueKind is JsonValueKind.String)
            .Select(part => part.GetProperty("text").GetString())),
        _ => "",
    };

    // Whoever sends a long text asks before it or after it.
    private static string Shorten(string text)
    {
        text = text.Replace('\0', ' ');
        if (text.Length <= Longest) return text;
        var (head, tail) = (Longest / 2, text.Length - Longest / 2);
        if (char.IsHighSurrogate(text[head - 1])) head--;
        if (char.IsLowSurrogate(text[tail])) tail++;
        return $"{text[..head]} {text[tail..]}";
    }
}
