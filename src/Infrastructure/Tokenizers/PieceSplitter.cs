using System.Globalization;
using System.Text;

namespace AiPlatform.Infrastructure.Tokenizers;

/// <summary>
/// Cuts text into the pieces that are merged on their own: the regular expressions of o200k_base and cl100k_base, written out by hand,
/// because a backtracking engine can be made to take quadratic time by whoever writes the text. White space is Unicode's, as in tiktoken.
/// </summary>
internal static class PieceSplitter
{
    [Flags]
    private enum Kind : byte
    {
        Other = 0,
        Letter = 1,
        Number = 2,
        Space = 4,
        Newline = 8,

        /// <summary>Takes part in the leading, capital half of a word in o200k_base: Lu, Lt and those of both halves.</summary>
        Upper = 16,

        /// <summary>Takes part in the trailing half: Ll and those of both halves, Lm, Lo and M.</summary>
        Lower = 32,
    }

    private static readonly Kind[] Ascii = [.. Enumerable.Range(0, 128).Select(c => Classify(new Rune(c)))];

    /// <summary>The length of the first piece of <paramref name="text"/> (not empty) in o200k_base.</summary>
    public static int O200k(ReadOnlySpan<char> text)
    {
        var kind = KindAt(text, 0, out var length);
        var hasPrefix = (kind & (Kind.Letter | Kind.Number | Kind.Newline)) == 0;
        var end = hasPrefix ? MixedWord(text, length) : -1;
        if (end < 0) end = MixedWord(text, 0);
        if (end < 0 && hasPrefix) end = CapitalWord(text, length);
        if (end < 0) end = CapitalWord(text, 0);
        if (end > 0) return end + Contraction(text[end..]);
        return NumberPiece(text, kind) ?? Symbols(text, slashes: true) ?? Spaces(text);
    }

    /// <summary>The length of the first piece of <paramref name="text"/> (not empty) in cl100k_base.</summary>
    public static int Cl100k(ReadOnlySpan<char> text)
    {
        var contraction = Contraction(text);
        if (contraction > 0) return contraction;
        var kind = KindAt(text, 0, out var length);
        var start = (kind & (Kind.Letter | Kind.Number | Kind.Newline)) == 0 ? length : 0;
        var end = Run(text, start, Kind.Letter);
        if (end > start) return end;
        return NumberPiece(text, kind) ?? Symbols(text, slashes: false) ?? Spaces(text);
    }

    /// <summary><c>[Upper]*[Lower]+</c> from <paramref name="start"/>: where it ends, or -1. What is both may end the first half or begin the second.</summary>
    private static int MixedWord(ReadOnlySpan<char> text, int start)
    {
        var (at, afterLastOfBoth) = (start, -1);
        while (at < text.Length)
        {
            var kind = KindAt(text, at, out var length);
            if ((kind & Kind.Upper) == 0) return (kind & Kind.Lower) != 0 ? Run(text, at, Kind.Lower) : afterLastOfBoth;
            at += length;
            if ((kind & Kind.Lower) != 0) afterLastOfBoth = at;
        }

        return afterLastOfBoth;
    }

    /// <summary><c>[Upper]+</c> from <paramref name="start"/>, where <see cref="MixedWord"/> found nothing: where it ends, or -1.</summary>
    private static int CapitalWord(ReadOnlySpan<char> text, int start)
    {
        var end = Run(text, start, Kind.Upper);
        return end > start ? end : -1;
    }

    /// <summary>The length of <c>'s 't 're 've 'm 'll 'd</c>, in either case, at the start; else 0.</summary>
    private static int Contraction(ReadOnlySpan<char> text)
    {
        if (text.Length < 2 || text[0] != '\'') return 0;
        var first = (char)(text[1] | 0x20);
        if (text[1] < 128 && first is 's' or 't' or 'm' or 'd') return 2;
        if (text.Length < 3 || text[1] >= 128 || text[2] >= 128) return 0;
        return (first, (char)(text[2] | 0x20)) is ('r', 'e') or ('v', 'e') or ('l', 'l') ? 3 : 0;
    }

    /// <summary><c>\p{N}{1,3}</c></summary>
    private static int? NumberPiece(ReadOnlySpan<char> text, Kind kind)
    {
        if ((kind & Kind.Number) == 0) return null;
        var at = 0;
        for (var digits = 0; digits < 3 && at < text.Length && (KindAt(text, at, out var length) & Kind.Number) != 0; digits++) at += length;
        return at;
    }

    /// <summary><c> ?[^\s\p{L}\p{N}]+[\r\n/]*</c></summary>
    private static int? Symbols(ReadOnlySpan<char> text, bool slashes)
    {
        var start = text[0] == ' ' ? 1 : 0;
        var at = start;
        while (at < text.Length && (KindAt(text, at, out var length) & (Kind.Space | Kind.Letter | Kind.Number)) == 0) at += length;
        if (at == start) return null;
        while (at < text.Length && (text[at] is '\r' or '\n' || (slashes && text[at] == '/'))) at++;
        return at;
    }

    /// <summary><c>\s*[\r\n]+|\s+(?!\S)|\s+</c>: up to the last line end, else all but the last space before a word.</summary>
    private static int Spaces(ReadOnlySpan<char> text)
    {
        var (at, afterNewline) = (0, 0);
        while (at < text.Length && (KindAt(text, at, out _) & Kind.Space) != 0)
        {
            at++;
            if (text[at - 1] is '\r' or '\n') afterNewline = at;
        }

        if (afterNewline > 0) return afterNewline;
        return at == text.Length || at == 1 ? at : at - 1;
    }

    private static int Run(ReadOnlySpan<char> text, int start, Kind wanted)
    {
        var at = start;
        while (at < text.Length && (KindAt(text, at, out var length) & wanted) != 0) at += length;
        return at;
    }

    private static Kind KindAt(ReadOnlySpan<char> text, int at, out int length)
    {
        length = 1;
        if (text[at] < 128) return Ascii[text[at]];
        Rune.DecodeFromUtf16(text[at..], out var rune, out length);
        return Classify(rune);
    }

    private static Kind Classify(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.UppercaseLetter or UnicodeCategory.TitlecaseLetter => Kind.Letter | Kind.Upper,
        UnicodeCategory.LowercaseLetter => Kind.Letter | Kind.Lower,
        UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter => Kind.Letter | Kind.Upper | Kind.Lower,
        UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark => Kind.Upper | Kind.Lower,
        UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => Kind.Number,
        _ when rune.Value is '\r' or '\n' => Kind.Space | Kind.Newline,
        _ when Rune.IsWhiteSpace(rune) => Kind.Space,
        _ => Kind.Other,
    };
}
