namespace AiPlatform.Infrastructure.Documents.Formats.Pdf;

/// <summary>The sizes of a document's letters: that of most of its text, and larger ones, which are headings'.</summary>
internal sealed class PdfSizes
{
    private const double Larger = 1.15;
    private const int MostLevels = 6;
    private readonly List<int> _headings;

    private PdfSizes(List<int> headings) => _headings = headings;

    public static PdfSizes Of(IEnumerable<PdfPage> pages)
    {
        var letters = new Dictionary<int, long>();
        foreach (var line in pages.SelectMany(page => page.Blocks).SelectMany(block => block.Lines))
            letters[HalfPoints(line)] = letters.GetValueOrDefault(HalfPoints(line)) + line.Text.Length;
        if (letters.Count == 0) return new PdfSizes([]);
        var body = letters.MaxBy(size => size.Value).Key;
        // The smallest of many share the last level.
        return new PdfSizes([.. letters.Keys.Where(size => size >= body * Larger).OrderDescending()]);
    }

    /// <summary>1 to 6 for a heading, else 0.</summary>
    public int LevelOf(PdfLine line) => Math.Min(_headings.IndexOf(HalfPoints(line)) + 1, MostLevels);

    /// <summary>Near enough: the same size comes out a little different from line to line.</summary>
    private static int HalfPoints(PdfLine line) => (int)Math.Round(Math.Min(line.Height, 10_000) * 2);
}
