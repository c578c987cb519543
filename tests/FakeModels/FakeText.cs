using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace AiPlatform.FakeModels;

/// <summary>The texts of the fake model: the same message always gets the same answer.</summary>
public static class FakeText
{
    private const int LongestEcho = 1000;

    private static readonly Token[] Plain = Vocabulary(
        "the", "river", "carries", "light", "over", "quiet", "stones", "and", "every", "morning", "a", "new", "sail",
        "leaves", "harbour", "with", "letters", "from", "far", "islands", "where", "people", "count", "stars", "to",
        "find", "their", "way", "home", "again", "because", "\"truth\"", "likes", "patience", "as", "much", "speed", ".",
        ",", "\n\n", "back\\slash", "1,024", "C#", "<b>", "{}");

    private static readonly Token[] Mixed = Vocabulary(
        "naïve", "café", "Ελλάδα", "мир", "дорога", "日本語", "東京", "한국어", "中文", "हिन्दी", "தமிழ்", "ไทย", "שלום", "مرحبا",
        "🎉", "🚀", "👩‍👩‍👧", "🇩🇪", "e\u0301", "½", "€", "𝒳", "—", "light", "river", "ß", "ﷺ", "\u2028", "“quoted”", "👍🏽");

    /// <summary>The whole text the fake model answers to a user message (with or without a directive in it).</summary>
    public static string For(string userMessage, int choice = 0) => string.Concat(TokensFor(userMessage, choice).Select(token => token.Text));

    /// <summary>The reasoning that precedes the answer to a user message.</summary>
    public static string ReasoningFor(string userMessage) =>
        string.Concat(ReasoningTokens(FakeDirective.Find(userMessage) ?? new FakeDirective()).Select(token => token.Text));

    /// <summary>Cuts any text into the pieces it is streamed in: a word with the space before it.</summary>
    internal static List<Token> Split(string text)
    {
        var tokens = new List<Token>();
        var start = 0;
        for (var i = 1; i <= text.Length; i++)
        {
            if (i < text.Length && (text[i] != ' ' || text[i - 1] == ' ')) continue;
            tokens.Add(new Token(text[start..i]));
            start = i;
        }

        if (text.Length == 0) tokens.Clear();
        return tokens;
    }

    internal static List<Token> TokensFor(string userMessage, int choice)
    {
        var directive = FakeDirective.Find(userMessage);
        if (directive is { HasText: true }) return TokensFor(directive, choice);
        var said = FakeDirective.Without(userMessage);
        return Split(Echo(said) + (choice == 0 ? "" : $" (choice {choice})"));
    }

    internal static List<Token> TokensFor(FakeDirective directive, int choice)
    {
        var tokens = Draw(directive.Tokens ?? 0, directive.Seed + choice, directive.Unicode);
        if (directive.Nul) tokens.Insert(Math.Min(1, tokens.Count), new Token("\0"));
        if (directive.Big > 0) tokens.Add(new Token(new string('x', directive.Big)));
        return tokens;
    }

    internal static List<Token> ReasoningTokens(FakeDirective directive) =>
        Draw(directive.Reasoning, directive.Seed + 7919, directive.Unicode);

    internal static List<Token> Preamble(FakeDirective directive) => Draw(directive.Preamble, directive.Seed + 104729, directive.Unicode);

    private static string Echo(string said)
    {
        if (said.Length > LongestEcho)
        {
            var end = char.IsHighSurrogate(said[LongestEcho - 1]) ? LongestEcho - 1 : LongestEcho;
            said = said[..end] + "…";
        }

        return $"Happy to help. You said: \"{said}\" and this is my answer.";
    }

    // A longer text with the same seed begins with the shorter one.
    private static List<Token> Draw(int count, int seed, bool unicode)
    {
        var tokens = new List<Token>(count);
        var state = ((uint)seed * 2654435761u) ^ 0x9E3779B9u;
        for (var i = 0; i < count; i++)
        {
            state = (state * 1664525u) + 1013904223u;
            var pick = state >> 8;
            var words = unicode && (pick & 1) == 0 ? Mixed : Plain;
            tokens.Add(words[(pick >> 1) % (uint)words.Length]);
        }

        // Vocabulary words carry their leading space; a text does not begin with one.
        if (count > 0) tokens[0] = new Token(tokens[0].Text.TrimStart(' '));
        return tokens;
    }

    private static Token[] Vocabulary(params string[] words) => [.. words.Select(word => new Token(word is "." or "," or "\n\n" ? word : " " + word))];
}

/// <summary>A piece of text with its JSON string form ready for the wire.</summary>
internal sealed class Token(string text)
{
    private byte[]? _json;

    public string Text => text;

    /// <summary>The text JSON-escaped in UTF-8, without the quotes around it.</summary>
    public byte[] Json => _json ??= JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes.ToArray();

    public int Bytes => Encoding.UTF8.GetByteCount(text);
}
