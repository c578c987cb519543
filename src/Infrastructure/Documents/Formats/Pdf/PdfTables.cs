namespace AiPlatform.Infrastructure.Documents.Formats.Pdf;

/// <summary>A table's rows, and the lines that they were made of. A list is one whose first column has nothing but marks.</summary>
internal sealed record PdfTable(IReadOnlyList<IReadOnlyList<string>> Rows, IReadOnlyCollection<PdfLine> Lines, bool? Header, bool IsList);

/// <summary>
/// Poppler reads a table as columns of text, or as cells in any order. Pieces of text in columns are a table when lines are drawn between them, or when they
/// are short; columns of prose are long, and lines in one have nothing to do with those beside them.
/// </summary>
internal static class PdfTables
{
    /// <summary>Letters of a line, on average.</summary>
    private const double Prose = 22;
    private const double Short = 26;

    /// <summary>Points by which what stands in a column may be out of its line.</summary>
    private const double Unsteady = 0.5;

    public static List<PdfTable> Find(PdfPage page, Func<PdfRules> readRules, Func<IEnumerable<string>, string> join)
    {
        var upright = page.Upright;
        var rows = PdfRow.Of(page.Lines.Where(line => line.Upright == upright));
        if (!rows.Exists(row => row.Pieces.Count > 1)) return [];
        var rules = upright ? PdfRules.None : readRules();
        var tables = new List<PdfTable>();
        foreach (var region in PdfRegion.Of(rows, rules))
        {
            if (region.Multiple == 0) continue;
            var isList = IsList(region);
            if (isList || IsTable(region, rules)) tables.Add(Of(region, rules, isList, join));
        }

        return tables;
    }

    private static bool IsTable(PdfRegion region, PdfRules rules)
    {
        var (columns, multiple) = (region.Columns.Count, region.Multiple);
        var across = PdfTableRows.Across(region, rules);
        if (PdfTableRows.HasGrid(region, rules) && across.Count(drawn => drawn) >= (multiple > 1 ? 1 : 3)) return true;
        if (multiple < 2) return false;
        var averages = Averages(region);
        var ruled = across.Count(drawn => drawn) >= 2;
        if (Array.TrueForAll(averages, average => average >= Prose) && !ruled) return false;
        if (ruled) return multiple * 10 >= region.Rows.Count * 3;
        if (!IsWide(region)) return false;
        if (columns > 2 && region.Pieces.Average(piece => piece.Text.Length) <= Short) return multiple * 2 >= region.Rows.Count && region.Rows.Count(row => row.Pieces.Count > 2) > 1;
        if (columns == 2 && averages.Max() <= Short + 4) return multiple * 10 >= region.Rows.Count * 6;
        return averages[0] < Prose && averages.Count(average => average < Prose) >= columns - 1 && BeginsTogether(region);
    }

    /// <summary>Where something stands in the first column, the long text beside it begins anew.</summary>
    private static bool BeginsTogether(PdfRegion region)
    {
        var (begun, together) = (0, 0);
        var pitch = Pitch(region);
        for (var i = 1; i < region.Rows.Count; i++)
        {
            var (row, before) = (region.Rows[i], region.Rows[i - 1]);
            if (region.ColumnOf(row.Pieces[0]) > 0) continue;
            begun++;
            var last = before.Pieces[^1];
            var column = region.Columns[region.ColumnOf(last)];
            if (row.Middle - before.Middle > 1.2 * pitch || last.Right < column.Left + 0.75 * (column.Right - column.Left)) together++;
        }

        return begun > 0 && together * 10 >= begun * 8;
    }

    /// <summary>Spaces of justified lines may stand below each other by chance.</summary>
    private static bool IsWide(PdfRegion region)
    {
        var (joined, apart) = (region.Pieces.Count(piece => piece.Continues), region.Rows.Sum(row => row.Pieces.Count - 1));
        if (joined * 2 <= apart) return true;
        if (region.Multiple < 3) return false;
        var height = region.Rows.Average(row => row.Height);
        return Enumerable.Range(1, region.Columns.Count - 1).All(i => region.Columns[i].Left - region.Columns[i - 1].Right > 0.6 * height) || LinesUp(region);
    }

    /// <summary>In all columns but the first, all begin exactly below each other. Ends tell nothing: those of justified lines do so as well.</summary>
    private static bool LinesUp(PdfRegion region)
    {
        foreach (var column in region.Pieces.GroupBy(region.ColumnOf).Where(column => column.Key > 0))
            if (column.Count() < 3 || column.Max(piece => piece.Left) - column.Min(piece => piece.Left) > Unsteady) return false;
        return true;
    }

    private static double Pitch(PdfRegion region)
    {
        var least = double.MaxValue;
        for (var i = 1; i < region.Rows.Count; i++)
            if (region.Rows[i].Middle - region.Rows[i - 1].Middle is var step && step > 0.75 * region.Rows[i].Height) least = Math.Min(least, step);
        return least;
    }

    private static double[] Averages(PdfRegion region)
    {
        var (letters, count) = (new double[region.Columns.Count], new int[region.Columns.Count]);
        foreach (var piece in region.Pieces)
        {
            letters[region.ColumnOf(piece)] += piece.Text.Length;
            count[region.ColumnOf(piece)]++;
        }

        return [.. letters.Select((sum, i) => sum / Math.Max(1, count[i]))];
    }

    private static bool IsList(PdfRegion region)
    {
        if (region.Columns.Count != 2) return false;
        var marks = region.Pieces.Where(piece => region.ColumnOf(piece) == 0).ToList();
        return marks.Count > 0 && marks.TrueForAll(mark => Lines.IsMark(mark.Text)) && region.Pieces.Any(piece => region.ColumnOf(piece) == 1 && piece.Text.Length > 4);
    }

    private static PdfTable Of(PdfRegion region, PdfRules rules, bool isList, Func<IEnumerable<string>, string> join)
    {
        var groups = isList ? PdfTableRows.ByFirstColumn(region) : PdfTableRows.Of(region, rules);
        var rows = groups.ConvertAll(group => Cells(region, group, join));
        return new PdfTable(rows, [.. region.Pieces], Header(region, groups, rows), isList);
    }

    private static IReadOnlyList<string> Cells(PdfRegion region, List<PdfRow> group, Func<IEnumerable<string>, string> join)
    {
        var cells = region.Columns.Select(_ => new List<string>()).ToArray();
        foreach (var piece in group.SelectMany(row => row.Pieces)) cells[region.ColumnOf(piece)].Add(piece.Text);
        var texts = cells.Select(join);
        var all = string.Concat(group.SelectMany(row => row.Pieces).Select(piece => piece.Text));
        return [.. all.Count(RightToLeft.IsRight) * 2 > all.Count(char.IsLetter) ? texts.Reverse() : texts];
    }

    /// <summary>What the letters tell of the first row; null for nothing.</summary>
    private static bool? Header(PdfRegion region, List<List<PdfRow>> groups, List<IReadOnlyList<string>> rows)
    {
        if (groups.Count < 2) return false;
        if (region.Columns.Count == 2 && rows.Count(row => row[0].EndsWith(':')) * 2 > rows.Count) return false;
        if (IsBold(groups[0]) && !IsBold(groups[1])) return rows[0].Count(cell => cell.Length > 0) > 1;
        var names = groups.ConvertAll(group => group.SelectMany(row => row.Pieces).Where(piece => region.ColumnOf(piece) == 0).ToList());
        return names.TrueForAll(cell => cell.Count > 0 && cell.TrueForAll(piece => piece.Bold)) && !IsBold(groups[0]) ? false : null;
    }

    private static bool IsBold(List<PdfRow> group) => group.TrueForAll(row => row.Pieces.TrueForAll(piece => piece.Bold));
}
