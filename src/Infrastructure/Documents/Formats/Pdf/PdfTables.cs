namespace AiPlatform.Infrastructure.Documents.Formats.Pdf;

/// <summary>
/// Poppler reads a table as columns of text, one after the other. Where blocks stand side by side, line by line at the same height, with a few words each,
/// they are the columns of a table; lines of prose in columns are longer, or do not stand so.
/// </summary>
internal static class PdfTables
{
    private const int LongestCell = 40;
    private const double AverageCell = 24;
    private const double AverageCellOfTwo = 16;

    /// <summary>How many blocks from this one on are a table's columns; 0 for none.</summary>
    public static int Columns(IReadOnlyList<PdfBlock> blocks, int first)
    {
        var end = first;
        while (end < blocks.Count && CanBeColumn(blocks[end]) && (end == first || IsBeside(blocks[end - 1], blocks[end]))) end++;
        var count = end - first;
        if (count < 2) return 0;
        var lines = blocks.Skip(first).Take(count).SelectMany(block => block.Lines).ToList();
        return lines.Average(line => line.Text.Length) <= (count == 2 ? AverageCellOfTwo : AverageCell) ? count : 0;
    }

    /// <summary>The cells of the columns, row by row from the top.</summary>
    public static IEnumerable<IReadOnlyList<string>> Rows(IReadOnlyList<PdfBlock> columns)
    {
        var tops = new List<double>();
        foreach (var line in columns.SelectMany(column => column.Lines).OrderBy(line => line.Top))
            if (tops.Count == 0 || line.Top - tops[^1] > line.Height / 2) tops.Add(line.Top);
        foreach (var top in tops)
            yield return [.. columns.Select(column => string.Join(' ', column.Lines.Where(line => IsAt(line, top)).Select(line => line.Text)))];
    }

    private static bool CanBeColumn(PdfBlock block) => block.Lines.Count >= 2 && block.Lines.TrueForAll(line => line.Text.Length <= LongestCell);

    /// <summary>To the right of it, with most lines at the height of one of its lines.</summary>
    private static bool IsBeside(PdfBlock left, PdfBlock right)
    {
        if (right.Lines.Min(line => line.Left) <= left.Lines.Max(line => line.Right)) return false;
        var (few, many) = left.Lines.Count < right.Lines.Count ? (left, right) : (right, left);
        var matching = few.Lines.Count(line => many.Lines.Exists(other => IsAt(other, line.Top)));
        return matching * 10 >= few.Lines.Count * 8 && few.Lines.Count * 2 >= many.Lines.Count;
    }

    private static bool IsAt(PdfLine line, double top) => Math.Abs(line.Top - top) <= line.Height / 2;
}
