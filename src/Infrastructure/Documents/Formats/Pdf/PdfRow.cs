namespace AiPlatform.Infrastructure.Documents.Formats.Pdf;

/// <summary>What stands at one height of a page, from left to right.</summary>
internal sealed class PdfRow
{
    private PdfRow(PdfLine first) => (Pieces, Top, Bottom) = ([first], first.Top, first.Bottom);

    public List<PdfLine> Pieces { get; }
    public double Top { get; private set; }
    public double Bottom { get; private set; }
    public double Middle => (Top + Bottom) / 2;
    public double Height => Bottom - Top;

    /// <summary>From the top of the page.</summary>
    public static List<PdfRow> Of(IEnumerable<PdfLine> lines)
    {
        var rows = new List<PdfRow>();
        foreach (var line in lines.OrderBy(line => line.Middle))
        {
            if (rows.Count > 0 && rows[^1].Takes(line)) rows[^1].Add(line);
            else rows.Add(new PdfRow(line));
        }

        foreach (var row in rows) row.Pieces.Sort((a, b) => a.Left.CompareTo(b.Left));
        return rows;
    }

    /// <summary>At half a line's distance from the one above: beside the middle of a cell of two lines, perhaps.</summary>
    public bool IsNear(PdfRow above) => Middle - above.Middle < 0.75 * Math.Min(Height, above.Height);

    private bool Takes(PdfLine line) => line.Middle - Pieces[0].Middle <= 0.3 * Math.Min(line.Height, Pieces[0].Height);

    private void Add(PdfLine line)
    {
        Pieces.Add(line);
        (Top, Bottom) = (Math.Min(Top, line.Top), Math.Max(Bottom, line.Bottom));
    }
}
