using System.Text;

namespace AiPlatform.Application.Knowledge.Evaluations;

/// <summary>Text as it is compared with a quote: white space, case, quotation marks, dashes and soft hyphens make no difference.</summary>
internal static class FoldedText
{
    // A half of something shorter stands in many places.
    private const int ShortestHalved = 40;

    public static string Of(string text)
    {
        var folded = new StringBuilder(text.Length);
        foreach (var letter in text)
        {
            if (letter is '\u00AD' or '\u200B' or '\u200C' or '\u200D' or '\uFEFF') continue;
            if (char.IsWhiteSpace(letter))
            {
                if (folded.Length > 0 && folded[^1] != ' ') folded.Append(' ');
                continue;
            }

            folded.Append(letter switch
            {
                '\u2018' or '\u2019' or '\u201A' or '\u2039' or '\u203A' or '`' or '\u00B4' => '\'',
                '\u201C' or '\u201D' or '\u201E' or '\u00AB' or '\u00BB' => '"',
                '\u2010' or '\u2011' or '\u2012' or '\u2013' or '\u2014' or '\u2212' => '-',
                _ => char.ToLowerInvariant(letter),
            });
        }

        if (folded.Length > 0 && folded[^1] == ' ') folded.Length--;
        return folded.ToString();
    }

    /// <summary>Whether a text shares at least half of a quote, or lies within it. What ends or begins in the middle of a quote has its first half or its second.</summary>
    public static bool SharesHalf(string text, string quote)
    {
        if (text.Contains(quote, StringComparison.Ordinal)) return true;
        if (quote.Length < ShortestHalved) return false;
        var half = quote.Length / 2;
        return text.Contains(quote[..half].TrimEnd(), StringComparison.Ordinal)
            || text.Contains(quote[half..].TrimStart(), StringComparison.Ordinal)
            || (text.Length >= ShortestHalved && quote.Contains(text, StringComparison.Ordinal));
    }
}
