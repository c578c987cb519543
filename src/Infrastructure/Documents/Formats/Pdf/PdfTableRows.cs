namespace AiPlatform.Infrastructure.Documents.Formats.Pdf;

/// <summary>Which lines of a table make up a row: cells have several where their text is long.</summary>
internal static class PdfTableRows
{
    public static List<List<PdfRow>> Of(PdfRegion region, PdfRules rules)
    {
        var across = Across(region, rules);
        var interior = across[1..^1].Count(drawn => drawn);
        if (interior == 0) return BySpace(region, [.. region.Rows]);
        var grid = HasGrid(region, rules);
        var groups = new List<List<PdfRow>>();
        foreach (var band in Split([.. region.Rows], i => across[i]))
        {
            // Lines are drawn around rows, or around the header and all other rows.
            var full = band.Count(row => row.Pieces.Count == region.Columns.Count);
            var isRow = band.Count == 1 || ((interior > 1 || groups.Count == 0) && (full < (grid ? 4 : 2) || (grid && full < band.Count)));
            if (isRow) groups.Add(band);
            else groups.AddRange(BySpace(region, band));
        }

        return groups;
    }

    /// <summary>Whether a line is drawn above each row, and below the last.</summary>
    public static bool[] Across(PdfRegion region, PdfRules rules)
    {
        var rows = region.Rows;
        var drawn = new bool[rows.Count + 1];
        for (var i = 0; i <= rows.Count; i++)
        {
            var top = i > 0 ? rows[i - 1].Middle + rows[i - 1].Height / 4 : rows[0].Top - rows[0].Height;
            var bottom = i < rows.Count ? rows[i].Middle - rows[i].Height / 4 : rows[^1].Bottom + rows[^1].Height;
            drawn[i] = rules.HasAcross(top, bottom, region.Left, region.Right, 0.6);
        }

        return drawn;
    }

    /// <summary>Lines are drawn between most columns.</summary>
    public static bool HasGrid(PdfRegion region, PdfRules rules)
    {
        var (top, bottom) = (region.Rows[0].Top, region.Rows[^1].Bottom);
        var drawn = 0;
        for (var i = 1; i < region.Columns.Count; i++)
            if (rules.HasDown(region.Columns[i - 1].Right - 1, region.Columns[i].Left + 1, top, bottom, 0.6)) drawn++;
        return drawn * 2 >= region.Columns.Count - 1 && drawn > 0;
    }

    /// <summary>A row begins where something stands in the first column, or in most.</summary>
    public static List<List<PdfRow>> ByFirstColumn(PdfRegion region) => ByFirstColumn(region, [.. region.Rows]);

    private static List<List<PdfRow>> ByFirstColumn(PdfRegion region, List<PdfRow> rows) => Split(rows, i => !rows[i].IsNear(rows[i - 1]) && !GoesOn(region, rows[i], rows[i - 1]));

    /// <summary>Rows are further apart than the lines in a cell, if that makes sense.</summary>
    private static List<List<PdfRow>> BySpace(PdfRegion region, List<PdfRow> rows)
    {
        var steps = Enumerable.Range(1, Math.Max(0, rows.Count - 1)).Where(i => !rows[i].IsNear(rows[i - 1])).Select(i => rows[i].Middle - rows[i - 1].Middle).ToList();
        if (steps.Count == 0) return [rows];
        var wide = 1.2 * Math.Min(steps.Min(), Pitch(region, rows));
        if (steps.TrueForAll(step => step < wide)) return ByFirstColumn(region, rows);
        var groups = Split(rows, i => rows[i].Middle - rows[i - 1].Middle >= wide);
        var (following, going) = (0, 0);
        foreach (var group in groups)
            for (var i = 1; i < group.Count; i++)
            {
                following++;
                if (group[i].IsNear(group[i - 1]) || GoesOn(region, group[i], group[i - 1])) going++;
            }

        return going * 10 >= following * 8 ? groups : ByFirstColumn(region, rows);
    }

    /// <summary>The least distance of two lines in one cell, with the middle of another cell between them.</summary>
    private static double Pitch(PdfRegion region, List<PdfRow> rows)
    {
        var least = double.MaxValue;
        for (var i = 2; i < rows.Count; i++)
            if (rows[i].IsNear(rows[i - 1]) && rows[i].Pieces.Exists(piece => rows[i - 2].Pieces.Exists(other => region.ColumnOf(other) == region.ColumnOf(piece))))
                least = Math.Min(least, rows[i].Middle - rows[i - 2].Middle);
        return least;
    }

    private static bool GoesOn(PdfRegion region, PdfRow row, PdfRow before)
    {
        var small = row.Pieces.Count(piece => char.IsLower(piece.Text[0]));
        if (small * 2 > row.Pieces.Count && row.Pieces.Count < region.Columns.Count && region.Rows[0] != before) return true;
        return region.ColumnOf(row.Pieces[0]) > 0 && row.Pieces.Count * 2 <= region.Columns.Count && row.Pieces.TrueForAll(piece => before.Pieces.Exists(other => region.ColumnOf(other) == region.ColumnOf(piece)));
    }

    private static List<List<PdfRow>> Split(List<PdfRow> rows, Func<int, bool> begins)
    {
        var groups = new List<List<PdfRow>> { new() { rows[0] } };
        for (var i = 1; i < rows.Count; i++)
        {
            if (begins(i)) groups.Add([]);
            groups[^1].Add(rows[i]);
        }

        return groups;
    }
}
