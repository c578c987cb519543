using System.Globalization;
using System.Text;

namespace AiPlatform.Application.Chat.Answers;

/// <summary>
/// A text in which quotes are looked up: letter by letter, but for what copying changes without changing a word: white space, the shape of quotation
/// marks, case, and hyphens and joiners that nobody sees.
/// </summary>
internal sealed class QuotableText
{
    private const string QuotationMarks = "\"'`´“”„‟‘’‚‛«»‹›′″＂＇「」『』";
    private const int LeastLetters = 2;

    private readonly string _text;
    private readonly string _folded;

    // Where each letter of the folded text stands in the text.
    private readonly int[] _positions;

    public QuotableText(string text)
    {
        _text = text;
        var positions = new List<int>(text.Length);
        _folded = Fold(text, positions);
        _positions = [.. positions];
    }

    /// <summary>Where the quote stands in the text, from its first letter to the one after its last; null if it does not, or only within words.</summary>
    public (int Start, int End)? Find(string quote)
    {
        var wanted = Trim(Fold(quote, positions: null));
        if (wanted.Count(char.IsLetterOrDigit) < LeastLetters) return null;
        for (var at = _folded.IndexOf(wanted, StringComparison.Ordinal); at >= 0; at = _folded.IndexOf(wanted, at + 1, StringComparison.Ordinal))
        {
            var (start, end) = (_positions[at], _positions[at + wanted.Length - 1] + 1);
            if (!IsWithinWord(start) && !IsWithinWord(end)) return (start, end);
        }

        return null;
    }

    private static string Fold(string text, List<int>? positions)
    {
        var folded = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c is '\u00AD' or '\u200B' or '\u2060' or '\uFEFF') continue;
            if (char.IsWhiteSpace(c))
            {
                if (folded.Length > 0 && folded[^1] == ' ') continue;
                c = ' ';
            }
            else if (QuotationMarks.Contains(c, StringComparison.Ordinal)) c = '"';
            else c = char.ToLowerInvariant(c);

            folded.Append(c);
            positions?.Add(i);
        }

        return folded.ToString();
    }

    // Quotation marks around a quote, and the dots that say it is a part, are the quoter's own.
    private static string Trim(string quote)
    {
        var trimmed = quote.Trim(' ');
        if (trimmed.StartsWith("...", StringComparison.Ordinal) || trimmed.StartsWith('…')) trimmed = trimmed.TrimStart('.', '…', ' ');
        if (trimmed.EndsWith("...", StringComparison.Ordinal) || trimmed.EndsWith('…')) trimmed = trimmed.TrimEnd('.', '…', ' ');
        return trimmed is ['"', .. var inner, '"'] ? inner.Trim(' ') : trimmed;
    }

    // "art" is not a quote from "start"; scripts that put no spaces between words can be cut anywhere but before a mark.
    private bool IsWithinWord(int position)
    {
        if (position <= 0 || position >= _text.Length) return false;
        var (before, after) = (_text[position - 1], _text[position]);
        if (IsMark(after)) return true;
        if (char.IsLowSurrogate(after)) return true;
        return char.IsLetterOrDigit(after) && (char.IsLetterOrDigit(before) || IsMark(before)) && !HasNoSpaces(before) && !HasNoSpaces(after);
    }

    private static bool IsMark(char c) => char.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;

    // Thai, Lao, Tibetan, Myanmar, Khmer, kana, ideographs, Hangul.
    private static bool HasNoSpaces(char c) => c is (>= '\u0E00' and <= '\u109F') or (>= '\u1780' and <= '\u17FF') or (>= '\u2E80' and <= '\uD7FF') or (>= '\uF900' and <= '\uFAFF');
}
