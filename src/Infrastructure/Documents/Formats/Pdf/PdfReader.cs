using AiPlatform.Infrastructure.Documents.Child;
using AiPlatform.Infrastructure.Documents.Formats.Images;
using AiPlatform.Infrastructure.Documents.Parsing;

namespace AiPlatform.Infrastructure.Documents.Formats.Pdf;

/// <summary>PDF: the text that it has, page by page; pages that are pictures are read as such.</summary>
internal sealed class PdfReader(DocumentWriter to, PdfSizes sizes)
{
    /// <summary>What stands on a scanned page besides its picture: a number, a stamp.</summary>
    private const int FewLetters = 12;

    public static void Read(SourceFile file, ParseOrder order, DocumentWriter to)
    {
        to.SetTitle(PdfDocument.Open(file, to.Limits));
        var pages = PdfLayout.Read(file, to.Limits);
        var scans = PdfScans.Find(file, pages, FewLetters);
        if (scans.Count > to.Limits.MaxOcrPages)
            throw Refuse.TooLarge("PDF", FormattableString.Invariant($"has {scans.Count:N0} scanned pages, and text is recognised on {to.Limits.MaxOcrPages:N0} at most"));
        var reader = new PdfReader(to, PdfSizes.Of(pages));
        var recognition = new TextRecognition(order);
        foreach (var page in pages)
        {
            to.NextPage();
            if (scans.Contains(page.Number) && PdfScans.Render(file, page, to.Limits) is { } picture && recognition.Write(picture, to)) continue;
            reader.Write(page);
        }
    }

    private void Write(PdfPage page)
    {
        for (var first = 0; first < page.Blocks.Count;)
        {
            var columns = PdfTables.Columns(page.Blocks, first);
            if (columns == 0)
            {
                Write(page.Blocks[first++]);
                continue;
            }

            var table = new TableWriter(to);
            foreach (var row in PdfTables.Rows(page.Blocks.GetRange(first, columns))) table.Row(row);
            first += columns;
        }
    }

    /// <summary>Lines of one size belong together; a block may begin with its heading.</summary>
    private void Write(PdfBlock block)
    {
        for (var first = 0; first < block.Lines.Count;)
        {
            var level = sizes.LevelOf(block.Lines[first]);
            var next = first + 1;
            while (next < block.Lines.Count && sizes.LevelOf(block.Lines[next]) == level) next++;
            var lines = block.Lines[first..next].ConvertAll(line => line.Text);
            if (level > 0 && lines.Count <= 4 && Lines.Join(lines) is { Length: <= 250 } heading) to.Heading(level, heading);
            else Paragraphs(lines);
            first = next;
        }
    }

    private void Paragraphs(List<string> lines)
    {
        for (var first = 0; first < lines.Count;)
        {
            var next = first + 1;
            while (next < lines.Count && !Lines.BeginsItem(lines[next])) next++;
            var text = Lines.Join(lines[first..next]);
            if (Lines.BeginsItem(text)) to.ListItem(text);
            else to.Paragraph(text);
            first = next;
        }
    }
}
