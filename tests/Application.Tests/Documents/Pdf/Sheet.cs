using AiPlatform.Application.Knowledge.Extraction;
using AiPlatform.Infrastructure.Documents.Child;
using AiPlatform.Infrastructure.Documents.Formats.Pdf;
using AiPlatform.Infrastructure.Documents.Parsing;

namespace AiPlatform.Application.Tests.Documents.Pdf;

/// <summary>A page to be printed on: each letter is 5 points wide, and each line 12 high.</summary>
internal sealed class Sheet(int number = 1)
{
    private const double Letter = 5;
    private const double Height = 12;

    public PdfPage Page { get; } = new(number, 600, 800);

    public Sheet Block(double left, double top, params string[] lines) => Block(left, top, 10, false, lines);

    public Sheet Bold(double left, double top, params string[] lines) => Block(left, top, 10, true, lines);

    public Sheet Block(double left, double top, double size, bool bold, params string[] lines)
    {
        Page.Blocks.Add(new PdfBlock());
        for (var i = 0; i < lines.Length; i++)
            Page.Blocks[^1].Lines.Add(new PdfLine(lines[i], left, top + i * Height, left + lines[i].Length * Letter, Height) { Size = size, Bold = bold });
        return this;
    }

    /// <summary>A block for each cell.</summary>
    public Sheet Rows(double top, double[] lefts, double step, params string[][] rows)
    {
        for (var y = 0; y < rows.Length; y++)
            for (var x = 0; x < rows[y].Length; x++)
                if (rows[y][x].Length > 0) Block(lefts[x], top + y * step, rows[y][x].Split('\n'));
        return this;
    }

    public IEnumerable<string[]> Tables(PdfRules? rules = null) =>
        PdfTables.Find(Page, () => rules ?? PdfRules.None, PdfCompounds.Of([Page]).Join).SelectMany(table => table.Rows).Select(row => row.ToArray());

    public List<ExtractedBlock> Read(PdfRules? rules = null) => Read([this], rules);

    public static List<ExtractedBlock> Read(IReadOnlyList<Sheet> sheets, PdfRules? rules = null)
    {
        var blocks = new List<ExtractedBlock>();
        var to = new DocumentWriter(new ParseLimits(1_000_000, 1000, 10, 10), page => blocks.AddRange(page.Blocks));
        List<PdfPage> pages = [.. sheets.Select(sheet => sheet.Page)];
        pages.ForEach(PdfOrder.Mend);
        PdfMargins.Remove(pages, PdfStyles.Of(pages));
        var words = PdfCompounds.Of(pages);
        var text = new PdfText(to, PdfStyles.Of(pages), words);
        foreach (var page in pages)
        {
            to.NextPage();
            text.Write(page, PdfTables.Find(page, () => rules ?? PdfRules.None, words.Join));
        }

        to.Complete();
        return blocks;
    }
}
