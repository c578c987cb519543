using System.Buffers;

namespace AiPlatform.Infrastructure.Documents.Formats.Pdf;

/// <summary>How a document's letters look: those of most of its text, and larger or bold ones, which are headings'.</summary>
internal sealed class PdfStyles
{
    private const double Larger = 1.15;
    private const int MostLevels = 6;
    private const int LongestBold = 120;
    private static readonly SearchValues<char> DigitsAndDots = SearchValues.Create("0123456789.");

    /// <summary>Of all letters. Where more are bold, that means nothing.</summary>
    private const double MostBold = 0.4;

    private readonly List<int> _larger;
    private readonly int _body;
    private readonly bool _boldTells;

    private PdfStyles(int body, List<int> larger, bool boldTells) => (_body, _larger, _boldTells) = (body, larger, boldTells);

    public static PdfStyles Of(IEnumerable<PdfPage> pages)
    {
        var letters = new Dictionary<int, long>();
        var (bold, all) = (0L, 0L);
        foreach (var line in pages.SelectMany(page => page.Lines))
        {
            letters[HalfPoints(line)] = letters.GetValueOrDefault(HalfPoints(line)) + line.Text.Length;
            all += line.Text.Length;
            if (line.Bold) bold += line.Text.Length;
        }

        if (letters.Count == 0) return new PdfStyles(0, [], false);
        var body = letters.MaxBy(size => size.Value).Key;
        // The smallest of many share the last level.
        return new PdfStyles(body, [.. letters.Keys.Where(size => size >= body * Larger).OrderDescending()], bold <= all * MostBold);
    }

    /// <summary>1 to 6 for a line as large as a heading, else 0.</summary>
    public int LevelOf(PdfLine line) => line.Text.Any(char.IsLetter) ? Math.Min(_larger.IndexOf(HalfPoints(line)) + 1, MostLevels) : 0;

    /// <summary>Bold, and no smaller than the text: a heading perhaps.</summary>
    public bool IsBold(PdfLine line) => _boldTells && line.Bold && HalfPoints(line) >= _body - 1 && LevelOf(line) == 0;

    /// <summary>A heading by its look, also where bold tells nothing.</summary>
    public bool IsTitle(PdfLine line) => line.Bold || LevelOf(line) > 0;

    /// <summary>The level of bold lines below those of all larger ones; 0 when they are no heading by what they say.</summary>
    public int LevelOfBold(string text)
    {
        if (text.Length > LongestBold || text.Count(char.IsLetter) < 2 || text[^1] is '.' or ',' or ';' or '!' or '।') return 0;
        return Math.Min(_larger.Count + Math.Max(1, Depth(text)), MostLevels);
    }

    /// <summary>Of a heading's number: 2 for "3.1 Joining"; 0 without one.</summary>
    public static int Depth(string text)
    {
        var number = text.AsSpan(0, Math.Max(text.IndexOf(' ', StringComparison.Ordinal), 0)).TrimEnd('.');
        if (number.IsEmpty || number.Length > 12 || number.ContainsAnyExcept(DigitsAndDots)) return 0;
        return number.Count('.') + 1;
    }

    /// <summary>Near enough: the same size comes out a little different from line to line.</summary>
    private static int HalfPoints(PdfLine line) => (int)Math.Round(Math.Min(line.Size, 10_000) * 2);
}
