using System.Globalization;
using System.Text;

namespace AiPlatform.Infrastructure.ModelProviders.Offline.Text;

/// <summary>Ends of sentences in any script: full stops that are not abbreviations, danda, ideographic and Arabic stops, question marks.</summary>
internal static class SentenceSplitter
{
    // Beyond this a "sentence" is a text without full stops (Thai, a list in one line) and is cut at a softer place.
    private const int Longest = 700;

    // How far from a full stop its neighbours are looked for, so that no text takes quadratic time.
    private const int LookAround = 24;

    private const string Closing = "\"'”’»)]}」』）】》*_`";

    private static readonly HashSet<string> Abbreviations = new(StringComparer.OrdinalIgnoreCase)
    {
        "mr", "mrs", "ms", "dr", "prof", "rev", "hon", "gen", "col", "capt", "lt", "sgt", "sen", "rep", "gov", "pres", "st", "mt", "ft", "jr", "sr", "messrs",
        "vs", "eg", "ie", "cf", "viz", "approx", "ca", "dept", "univ", "assn", "bzw", "usw", "bspw", "evtl", "mme", "mlle", "sra", "srta", "dra",
        "डॉ", "डा", "श्री", "पं", "प्रो", "कु",
    };

    // These end a sentence as words of their own, unless a number follows.
    private static readonly HashSet<string> BeforeNumber = new(StringComparer.OrdinalIgnoreCase)
    {
        "no", "nos", "fig", "figs", "eq", "vol", "p", "pp", "ch", "sec", "art", "nr", "str", "abs", "est", "सं", "ई", "पू",
        "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec",
    };

    /// <summary>The sentences of one paragraph, line breaks inside them turned into spaces.</summary>
    public static IEnumerable<string> Split(string paragraph)
    {
        var text = Squeeze(paragraph);
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (!IsTerminal(text[i]))
            {
                if (i - start < Longest) continue;
                i = SoftBreak(text, start, i);
            }
            else
            {
                while (i + 1 < text.Length && (IsTerminal(text[i + 1]) || Closing.Contains(text[i + 1], StringComparison.Ordinal))) i++;
                if (!EndsSentence(text, start, i)) continue;
            }

            if (text[start..(i + 1)].Trim() is { Length: > 0 } sentence) yield return sentence;
            start = i + 1;
        }

        if (text[start..].Trim() is { Length: > 0 } rest) yield return rest;
    }

    public static bool IsQuestionMark(char c) => c is '?' or '？' or '؟' or '⁇' or '՞' or '፧' or '\u037e';

    public static bool EndsLikeSentence(string text) => text.Length > 0 && IsTerminal(text[^1]);

    private static bool IsTerminal(char c) => c is '.' or '!' or '…' || IsQuestionMark(c) || NeedsNoSpace(c);

    private static bool NeedsNoSpace(char c) => c is '。' or '｡' or '！' or '？' or '।' or '॥' or '۔' or '؟' or '።' or '፧' or '။' or '។' or '։';

    private static bool EndsSentence(string text, int start, int end)
    {
        if (end + 1 == text.Length) return true;
        var last = end;
        while (!IsTerminal(text[last])) last--;
        if (NeedsNoSpace(text[last])) return true;
        if (!char.IsWhiteSpace(text[end + 1])) return false;

        var next = NextLetter(text, end + 1);
        if (next is { } letter && char.IsLower(letter)) return false;
        return text[last] != '.' || !IsAbbreviation(text, start, last, next);
    }

    private static bool IsAbbreviation(string text, int start, int stop, char? next)
    {
        var from = stop;
        while (from > Math.Max(start, stop - LookAround) && !char.IsWhiteSpace(text[from - 1]) && !"([{\"“‘".Contains(text[from - 1], StringComparison.Ordinal)) from--;
        var word = text[from..stop];
        var letters = word.Replace(".", "", StringComparison.Ordinal);
        if (Abbreviations.Contains(letters) || (next is { } c && char.IsDigit(c) && BeforeNumber.Contains(letters))) return true;

        // Initials (J. Smith), acronyms (U.S. Army), and numbering (1. First): a letter or number that stands alone.
        if (word.Length == 1 && char.IsUpper(word[0])) return true;
        if (word.Contains('.', StringComparison.Ordinal)) return word.Split('.').All(part => part.Length == 1 && char.IsLetter(part[0]));
        return from == start && word.Length is > 0 and <= 3 && word.All(char.IsDigit);
    }

    private static char? NextLetter(string text, int from)
    {
        for (var i = from; i < Math.Min(text.Length, from + LookAround); i++)
            if (char.IsLetterOrDigit(text[i])) return text[i];
            else if (!char.IsWhiteSpace(text[i]) && char.GetUnicodeCategory(text[i]) is not (UnicodeCategory.OpenPunctuation or UnicodeCategory.InitialQuotePunctuation or UnicodeCategory.OtherPunctuation)) return null;
        return null;
    }

    private static int SoftBreak(string text, int start, int end)
    {
        var best = text.LastIndexOfAny([';', '；', '、', '，', '،'], end, (end - start) / 2);
        if (best < 0) best = text.LastIndexOf(' ', end, (end - start) / 2);
        if (best < 0) best = end - 1;
        return char.IsHighSurrogate(text[best]) ? best - 1 : best;
    }

    private static string Squeeze(string text)
    {
        var output = new StringBuilder(text.Length);
        foreach (var c in text)
            if (!char.IsWhiteSpace(c)) output.Append(c);
            else if (output.Length > 0 && output[^1] != ' ') output.Append(' ');
        return output.ToString();
    }
}
