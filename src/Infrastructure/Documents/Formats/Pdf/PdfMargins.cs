namespace AiPlatform.Infrastructure.Documents.Formats.Pdf;

/// <summary>
/// What is printed again and again at the head or foot of pages is part of the text once, where it stands first, and page numbers are none of it. It stands
/// apart from the text, at the same height, on pages that follow each other or on every second one.
/// </summary>
internal static class PdfMargins
{
    /// <summary>Of a page: how far heads and feet reach into it.</summary>
    private const double Depth = 0.16;
    private const int MostRows = 3;
    private const int LongestText = 200;

    /// <summary>Of a line's height: heads and feet are so far from the text, at least.</summary>
    private const double Apart = 0.6;

    /// <summary>Points: the height of what is printed on each page may differ so much.</summary>
    private const double Unsteady = 12;

    /// <summary>Pages, within which the same line has to come again.</summary>
    private const int Near = 3;

    private readonly record struct Place(string Text, bool Top);

    private readonly record struct Found(PdfPage Page, PdfLine Line, MarginText Text, bool IsTop)
    {
        public double Height => IsTop ? Line.Top : Page.Height - Line.Bottom;
    }

    public static void Remove(IReadOnlyList<PdfPage> pages, PdfStyles styles)
    {
        if (pages.Count < 2) return;
        var places = new Dictionary<Place, List<Found>>();
        foreach (var page in pages)
            foreach (var (line, top) in Candidates(page))
            {
                var text = MarginText.Of(line.Text);
                var place = new Place(text.Pattern, top);
                if (!places.TryGetValue(place, out var found)) places[place] = found = [];
                found.Add(new Found(page, line, text, top));
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

    private static IEnumerable<Found> Repeated(List<Found> found, int pages, PdfStyles styles)
    {
        var least = Math.Min(3, pages);
        for (var first = 0; first < found.Count;)
        {
            var end = first + 1;
            while (end < found.Count && found[end].Page.Number - found[end - 1].Page.Number <= Near) end++;
            var near = found.GetRange(first, end - first);
            var (same, counting) = (Groups(near, one => string.Join(' ', one.Text.Numbers)), Counting(near));
            var isCounting = Pages(counting) > same.Max(Pages);
            foreach (var group in isCounting ? [counting] : same)
                if (Pages(group) >= least)
                    foreach (var one in isCounting ? Numbered(group) : Equal(group, styles)) yield return one;
            first = end;
        }
    }

    /// <summary>Where it stands first it stays. So does a title that comes again after a page with another.</summary>
    private static IEnumerable<Found> Equal(List<Found> group, PdfStyles styles)
    {
        var last = group[0].Page.Number;
        foreach (var one in group)
        {
            var since = one.Page.Number - last;
            last = one.Page.Number;
            if (last > group[0].Page.Number && (since <= 1 || !styles.IsTitle(one.Line))) yield return one;
        }
    }

    /// <summary>"Chapter 3" on the third page looks as "Report 3" does. No title is in the foot; at the head goes only what says that its number is the page's.</summary>
    private static IEnumerable<Found> Numbered(List<Found> group)
    {
        if (group[0].IsTop && !group.TrueForAll(one => one.Text.IsOfPage)) return [];
        return group[0].Text.SaysMore ? group.Where(one => one.Page != group[0].Page) : group;
    }

    /// <summary>Most of those with a number that counts the pages.</summary>
    private static List<Found> Counting(List<Found> found) => Enumerable.Range(0, found[0].Text.Numbers.Length)
        .SelectMany(i => Groups(found, one => one.Text.Numbers[i] - one.Page.Number)).MaxBy(Pages) ?? [];

    private static List<List<Found>> Groups<T>(List<Found> found, Func<Found, T> key) => [.. found.GroupBy(key).Select(group => group.ToList())];

    private static int Pages(List<Found> group) => group.DistinctBy(one => one.Page).Count();
}
