using System.Text;

namespace AiPlatform.Infrastructure.Documents.Formats;

/// <summary>Printed lines as running text.</summary>
internal static class Lines
{
    private const string Bullets = "•‣◦▪●○■–—-*·";

    /// <summary>A word that was broken at a line's end becomes whole again; a hyphen before a capital or a digit is the word's own.</summary>
    /// <param name="isCompound">Knows of two parts of a word that they have a hyphen between them wherever they stand.</param>
    public static string Join(IEnumerable<string> lines, Func<string, string, bool>? isCompound = null)
    {
        var text = new StringBuilder();
        foreach (var line in lines.Select(line => line.Trim()).Where(line => line.Length > 0))
        {
            if (text.Length > 1 && text[^1] is '-' or '\u00AD' or '\u2010' && char.IsLetter(text[^2]) && char.IsLower(line[0]))
            {
                if (text[^1] == '\u00AD' || isCompound is null || !isCompound(LastWord(text), FirstWord(line))) text.Length--;
            }
            else if (text.Length > 0)
            {
                text.Append(' ');
            }

            text.Append(line);
        }

        return text.ToString();
    }

    /// <summary>What begins an item of a list, and nothing else.</summary>
    public static bool IsMark(string text) =>
        (text.Length == 1 && (Bullets.Contains(text[0], StringComparison.Ordinal) || text[0] is >= '\uE000' and <= '\uF8FF'))
        || (text.Length is 2 or 3 && text[^1] is '.' or ')' && text.AsSpan(0, text.Length - 1).IndexOfAnyExceptInRange('0', '9') < 0);

    /// <summary>A mark and a space, or a number with a point or bracket.</summary>
    public static bool BeginsItem(string line)
    {
        if (line.Length < 3) return false;
        if (Bullets.Contains(line[0], StringComparison.Ordinal)) return line[1] == ' ';
        var digits = line.TakeWhile(char.IsAsciiDigit).Count();
        return digits is 1 or 2 && line.Length > digits + 1 && line[digits] is '.' or ')' && line[digits + 1] == ' ';
    }

    private static string LastWord(StringBuilder text)
    {
        var start = text.Length - 1;
        while (start > 0 && char.IsLetter(text[start - 1])) start--;
        return text.ToString(start, text.Length - 1 - start);
    }

    private static string FirstWord(string line)
    {
        var end = 0;
        while (end < line.Length && char.IsLetter(line[end])) end++;
        return line[..end];
    }
}
