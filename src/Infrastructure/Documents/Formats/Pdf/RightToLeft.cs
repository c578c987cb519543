using System.Buffers;
using System.Globalization;
using System.Text;

namespace AiPlatform.Infrastructure.Documents.Formats.Pdf;

/// <summary>Poppler gives letters as they stand, from left to right. Hebrew and Arabic are written from the right, but the numbers and foreign words in them are not.</summary>
internal static class RightToLeft
{
    private const string Brackets = "()[]{}<>«»";
    private static readonly SearchValues<char> AnyBracket = SearchValues.Create(Brackets);

    /// <summary>In the order of reading.</summary>
    public static string Logical(string seen)
    {
        var letters = seen.Count(IsRight);
        if (letters == 0) return seen;
        return letters * 2 > seen.Count(char.IsLetter) ? Reverse(seen, IsLeft) : Turn(seen, IsRight);
    }

    public static bool IsRight(char c) => c is >= '\u0590' and <= '\u08FF' or >= '\uFB1D' and <= '\uFDFF' or >= '\uFE70' and <= '\uFEFC' && !IsLeft(c);

    private static bool IsLeft(char c) => char.IsDigit(c) || (char.IsLetter(c) && c is not (>= '\u0590' and <= '\u08FF' or >= '\uFB1D' and <= '\uFDFF' or >= '\uFE70' and <= '\uFEFC'));

    private static string Reverse(string seen, Func<char, bool> kept)
    {
        var letters = seen.ToCharArray();
        Array.Reverse(letters);
        // Some producers keep the bracket that was meant, others that which is seen.
        var first = letters.AsSpan().IndexOfAny(AnyBracket);
        var mirrored = first >= 0 && Brackets.IndexOf(letters[first], StringComparison.Ordinal) % 2 == 1;
        if (mirrored)
            foreach (ref var letter in letters.AsSpan()) letter = Mirrored(letter);
        return Turn(new string(letters), kept, mirrored);
    }

    /// <summary>Turns the runs of such letters round, with what stands between them.</summary>
    /// <param name="mirrored">The brackets were turned round already, also those in the runs.</param>
    private static string Turn(string text, Func<char, bool> such, bool mirrored = false)
    {
        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length;)
        {
            if (!such(text[i]))
            {
                result.Append(text[i++]);
                continue;
            }

            var (end, next) = (i, i + 1);
            for (var isNumber = char.IsDigit(text[i]); next < text.Length && (such(text[next]) || IsBetween(text[next])); next++)
            {
                // A number in brackets does not belong to the foreign words beside it.
                if (isNumber && Brackets.Contains(text[next], StringComparison.Ordinal)) break;
                if (!such(text[next])) continue;
                isNumber &= char.IsDigit(text[next]);
                end = next;
            }

            for (var c = end; c >= i; c--) result.Append(mirrored ? Mirrored(text[c]) : text[c]);
            i = end + 1;
        }

        return result.ToString();
    }

    private static char Mirrored(char c) => Brackets.IndexOf(c, StringComparison.Ordinal) is >= 0 and var at ? Brackets[at ^ 1] : c;

    private static bool IsBetween(char c) => c == ' ' || char.IsPunctuation(c) || char.IsSymbol(c) || char.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark;
}
