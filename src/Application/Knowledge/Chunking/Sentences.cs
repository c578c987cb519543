using System.Globalization;

namespace AiPlatform.Application.Knowledge.Chunking;

/// <summary>Finds where sentences and words end, in any script, in one pass.</summary>
internal static class Sentences
{
    // Those that end a sentence only before a space: the first three also stand in numbers, names and abbreviations.
    private const string EndsBeforeSpace = ".!?…؟۔।॥։።፧۔܀܁܂᙮᠃᠉។៕॰။";

    // Scripts that put no space between sentences.
    private const string EndsAnywhere = "。！？｡．⸺";

    private const string Closing = "\"'”’»›)]}）」』】〉》］｝";

    /// <summary>The end of the sentence that begins at <paramref name="start"/>, closing quotes and brackets included.</summary>
    public static int EndOf(string text, int start, int end, bool byLine)
    {
        for (var i = start; i < end; i++)
        {
            var c = text[i];
            if (c == '\n' && (byLine || (i + 1 < end && text[i + 1] == '\n'))) return i;
            if (EndsAnywhere.Contains(c, StringComparison.Ordinal)) return SkipClosing(text, i + 1, end);
            if (!EndsBeforeSpace.Contains(c, StringComparison.Ordinal)) continue;
            var after = SkipClosing(text, i + 1, end);
            if (after >= end) return end;
            if (char.IsWhiteSpace(text[after]) && (c != '.' || !GoesOnInLowerCase(text, after, end))) return after;
        }

        return end;
    }

    /// <summary>The end of the word that begins at <paramref name="start"/>.</summary>
    public static int EndOfWord(string text, int start, int end)
    {
        var i = start;
        while (i < end && !char.IsWhiteSpace(text[i])) i++;
        return i;
    }

    public static int SkipSpace(string text, int start, int end)
    {
        var i = start;
        while (i < end && char.IsWhiteSpace(text[i])) i++;
        return i;
    }

    /// <summary>The last place up to <paramref name="wanted"/> where a word may be cut: not within a character that is made of several units.</summary>
    public static int CutBefore(string text, int start, int wanted)
    {
        // What is not cut sensibly within this is no text that anybody reads.
        const int Patience = 16;
        for (var cut = wanted; cut > start && wanted - cut < Patience; cut--)
        {
            if (!Continues(text[cut]) && text[cut - 1] != '\u200D') return cut;
        }

        return wanted > start + 1 && char.IsLowSurrogate(text[wanted]) ? wanted - 1 : wanted;
    }

    private static bool Continues(char c) =>
        char.IsLowSurrogate(c) || c == '\u200D' || char.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;

    private static int SkipClosing(string text, int at, int end)
    {
        while (at < end && (Closing.Contains(text[at], StringComparison.Ordinal) || EndsAnywhere.Contains(text[at], StringComparison.Ordinal) || EndsBeforeSpace.Contains(text[at], StringComparison.Ordinal))) at++;
        return at;
    }

    // An abbreviation, not an end: "approx. half of it". How far one looks is bounded, whatever the text.
    private static bool GoesOnInLowerCase(string text, int at, int end)
    {
        var next = SkipSpace(text, at, Math.Min(end, at + 8));
        return next < end && char.IsLower(text[next]);
    }
}
