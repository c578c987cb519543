using System.Globalization;
using System.Text;

namespace AiPlatform.Infrastructure.Documents.Formats.Pdf;

/// <summary>
/// What is printed again and again at the head or foot of pages, with or without their number, is no part of the text. It stands apart from it, at the same
/// height, on pages that follow each other or on every second one.
/// </summary>
internal static class PdfMargins
{
    /// <summary>Of a page: how far heads and feet reach into it.</summary>
    private const double Depth = 0.16;
    private const int MostRows = 3;
    private const int LongestText = 200;
    private const int MostNumbers = 8;

    /// <summary>Of a line's height: heads and feet are so far from the text, at least.</summary>
    private const double Apart = 0.6;

    /// <summary>Points: the height of what is printed on each page may differ so much.</summary>
    private const double Unsteady = 12;

    /// <summary>Pages, within which the same line has to come again.</summary>
    private const int Near = 3;

    private readonly record struct Place(string Text, bool Top);

    private readonly record struct Found(PdfPage Page, PdfLine Line, double Height, int[] Numbers);

    public static void Remove(IReadOnlyList<PdfPage> pages, PdfStyles styles)
    {
        if (pages.Count < 2) return;
        var places = new Dictionary<Place, List<Found>>();
        foreach (var page in pages)
            foreach (var (line, top) in Candidates(page))
            {
                var (text, numbers) = Pattern(line.Text);
                var place = new Place(text, top);
                if (!places.TryGetValue(place, out var found)) places[place] = found = [];
                found.Add(new Found(page, line, top ? line.Top : page.Height - line.Bottom, numbers));
            }

        var printed = places.Values.SelectMany(found => Repeated(AtSameHeight(found), pages.Count, styles)).Select(found => found.Line).ToHashSet();
        foreach (var page in pages)
            // Whatever a page has beside its number, it is not nothing.
            if (page.Lines.Any(line => !printed.Contains(line) && line.Text.Any(char.IsLetterOrDigit)))
                foreach (var block in page.Blocks) block.Lines.RemoveAll(printed.Contains);
    }

    /// <summary>The lines outside of the text, which a gap separates from it.</summary>
    private static IEnumerable<(PdfLine Line, bool Top)> Candidates(PdfPage page)
    {
        var lines = page.Lines.Where(line => !line.Upright && line.Text.Length <= LongestText).OrderBy(line => line.Middle).ToList();
        return Outermost(lines, line => line.Bottom <= page.Height * Depth).Select(line => (line, true))
            .Concat(Outermost(Enumerable.Reverse(lines), line => line.Top >= page.Height * (1 - Depth)).Select(line => (line, false)));
    }

    private static List<PdfLine> Outermost(IEnumerable<PdfLine> inwards, Func<PdfLine, bool> isOutside)
    {
        var (outer, apart, rows) = (new List<PdfLine>(), 0, 0);
        PdfLine? last = null;
        foreach (var line in inwards)
        {
            if (last is not null && Math.Abs(line.Middle - last.Middle) > last.Height / 2)
            {
                var gap = Math.Max(line.Top, last.Top) - Math.Min(line.Bottom, last.Bottom);
                if (gap >= Apart * Math.Min(line.Height, last.Height)) apart = outer.Count;
                if (++rows >= MostRows) break;
            }

            if (!isOutside(line)) break;
            outer.Add(line);
            last = line;
        }

        return outer.GetRange(0, apart);
    }

    private static List<Found> AtSameHeight(List<Found> found)
    {
        var usual = found.Select(one => one.Height).Order().ElementAt(found.Count / 2);
        return found.FindAll(one => Math.Abs(one.Height - usual) <= Unsteady);
    }

    /// <summary>A large line is a title where it stands first.</summary>
    private static IEnumerable<Found> Repeated(List<Found> found, int pages, PdfStyles styles)
    {
        var least = Math.Min(3, pages);
        for (var first = 0; first < found.Count;)
        {
            var end = first + 1;
            while (end < found.Count && found[end].Page.Number - found[end - 1].Page.Number <= Near) end++;
            var same = Same(found.GetRange(first, end - first));
            if (same.Count >= least)
                foreach (var one in same.Skip(styles.LevelOf(same[0].Line) > 0 ? 1 : 0)) yield return one;
            first = end;
        }
    }

    /// <summary>Those with the same numbers, or with one that counts the pages. Other numbers tell apart what the pages are about.</summary>
    private static List<Found> Same(List<Found> found)
    {
        var best = Largest(found, one => string.Join(' ', one.Numbers));
        for (var i = 0; i < found[0].Numbers.Length && best.Count < found.Count; i++)
        {
            var counting = Largest(found, one => one.Numbers[i] - one.Page.Number);
            if (counting.Count > best.Count) best = counting;
        }

        return best;
    }

    private static List<Found> Largest<T>(List<Found> found, Func<Found, T> key) => found.GroupBy(key).MaxBy(group => group.Count())!.ToList();

    /// <summary>The text without its numbers, and the numbers.</summary>
    private static (string Text, int[] Numbers) Pattern(string line)
    {
        if (Roman(line) is var roman and > 0) return ("#", [roman]);
        var (text, numbers) = (new StringBuilder(), new List<int>());
        for (var i = 0; i < line.Length;)
        {
            var digits = line.AsSpan(i).IndexOfAnyExceptInRange('0', '9');
            if (digits < 0) digits = line.Length - i;
            if (digits is > 0 and < 9 && numbers.Count < MostNumbers)
            {
                numbers.Add(int.Parse(line.AsSpan(i, digits), CultureInfo.InvariantCulture));
                text.Append('#');
                i += digits;
            }
            else
            {
                text.Append(char.ToLowerInvariant(line[i++]));
            }
        }

        return (text.ToString(), [.. numbers]);
    }

    /// <summary>0 when it is none.</summary>
    private static int Roman(string text)
    {
        const string letters = "ivxlc";
        int[] values = [1, 5, 10, 50, 100];
        var number = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var at = letters.IndexOf(text[i], StringComparison.Ordinal);
            if (at < 0 || text.Length > 8) return 0;
            var next = i + 1 < text.Length ? letters.IndexOf(text[i + 1], StringComparison.Ordinal) : -1;
            number += next > at ? -values[at] : values[at];
        }

        return number;
    }
}
