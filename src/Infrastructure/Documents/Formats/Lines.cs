using System.Text;

namespace AiPlatform.Infrastructure.Documents.Formats;

/// <summary>Printed lines as running text.</summary>
internal static class Lines
{
    private const string Bullets = "•‣◦▪●○■–—-*·";

    /// <summary>A word that was broken at a line's end becomes whole again; a hyphen before a capital or a digit is the word's own.</summary>
    public static string Join(IEnumerable<string> lines)
    {
        var text = new StringBuilder();
        foreach (var line in lines.Select(line => line.Trim()).Where(line => line.Length > 0))
        {
            if (text.Length > 1 && text[^1] is '-' or '\u00AD' or '\u2010' && char.IsLetter(text[^2]) && char.IsLower(line[0])) text.Length--;
            else if (text.Length > 0) text.Append(' ');
            text.Append(line);
        }

        return text.ToString();
    }

    /// <summary>A mark and a space, or a number with a point or bracket.</summary>
    public static bool BeginsItem(string line)
    {
        if (line.Length < 3) return false;
        if (Bullets.Contains(line[0], StringComparison.Ordinal)) return line[1] == ' ';
        var digits = line.TakeWhile(char.IsAsciiDigit).Count();
        return digits is 1 or 2 && line.Length > digits + 1 && line[digits] is '.' or ')' && line[digits + 1] == ' ';
    }
}
