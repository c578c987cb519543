using AiPlatform.Infrastructure.Documents.Parsing;

namespace AiPlatform.Infrastructure.Documents.Formats.Pdf;

/// <summary>Writes pages as headings, paragraphs, lists and tables, in poppler's order: column after column.</summary>
internal sealed class PdfText(DocumentWriter to, PdfStyles styles, PdfCompounds words)
{
    private const int LongestHeading = 250;
    private const string Ends = ".!?:।؟";

    /// <summary>Lines of a paragraph that may go on in the next block, in another column.</summary>
    private readonly List<string> _paragraph = [];
    private readonly PdfTableWriter _tables = new(to);

    public void Write(PdfPage page, IReadOnlyList<PdfTable> tables)
    {
        var tableOf = tables.SelectMany(table => table.Lines.Select(line => (line, table))).ToDictionary(pair => pair.line, pair => pair.table);
        var written = new HashSet<PdfTable>(ReferenceEqualityComparer.Instance);
        var lines = new List<PdfLine>();
        var upright = page.Upright;
        foreach (var block in page.Blocks)
        {
            foreach (var line in block.Lines.Where(line => line.Upright == upright))
            {
                if (!tableOf.TryGetValue(line, out var table))
                {
                    lines.Add(line);
                    continue;
                }

                Write(lines);
                if (written.Add(table)) Write(table);
            }

            Write(lines);
        }

        EndParagraph();
        // What is written along the side has no place in the order.
        foreach (var line in page.Lines.Where(line => line.Upright != upright)) Paragraph(line.Text);
    }

    private void Write(PdfTable table)
    {
        EndParagraph();
        if (table.IsList) foreach (var row in table.Rows) Paragraph(string.Join(' ', row.Where(cell => cell.Length > 0)));
        else _tables.Write(table);
    }

    /// <summary>Lines that look alike belong together; a block may begin with its heading.</summary>
    private void Write(List<PdfLine> pieces)
    {
        var lines = Whole(pieces);
        for (var first = 0; first < lines.Count;)
        {
            var (level, bold) = LookOf(lines[first]);
            var next = first + 1;
            while (next < lines.Count && LookOf(lines[next]) == (level, bold)) next++;
            var group = lines[first..next].ConvertAll(line => line.Text);
            if (level > 0 && group.Count <= 4 && words.Join(group) is { Length: <= LongestHeading } title) Heading(level, title);
            else if (bold && BoldHeadings(lines, first, next)) { }
            else Paragraphs(group);
            first = next;
        }

        pieces.Clear();
    }

    private (int Level, bool Bold) LookOf(PdfLine line) => (styles.LevelOf(line), styles.IsBold(line));

    /// <summary>Bold lines are headings unless they are within a sentence, or whole paragraphs. Numbered ones are headings each.</summary>
    private bool BoldHeadings(List<PdfLine> lines, int first, int next)
    {
        if (first > 0 && lines[first].Top - lines[first - 1].Bottom < 0.3 * lines[first].Height && !Ends.Contains(lines[first - 1].Text[^1])) return false;
        if (next < lines.Count && char.IsLower(lines[next].Text[0]) && lines[next].Top - lines[next - 1].Bottom < 0.3 * lines[next].Height) return false;
        var headings = new List<(int Level, string Text)>();
        for (var start = first; start < next;)
        {
            var end = start + 1;
            while (end < next && PdfStyles.Depth(lines[end].Text) == 0 && lines[end].Top - lines[end - 1].Bottom < 0.3 * lines[end].Height) end++;
            var text = words.Join(lines[start..end].Select(line => line.Text));
            var level = end - start <= 2 ? styles.LevelOfBold(text) : 0;
            if (level == 0) return false;
            headings.Add((level, text));
            start = end;
        }

        foreach (var (level, text) in headings) Heading(level, text);
        return true;
    }

    private void Heading(int level, string text)
    {
        EndParagraph();
        _tables.End();
        to.Heading(level, text);
    }

    private void Paragraphs(List<string> lines)
    {
        for (var first = 0; first < lines.Count;)
        {
            var next = first + 1;
            while (next < lines.Count && !Lines.BeginsItem(lines[next])) next++;
            if (_paragraph.Count > 0 && (Ends.Contains(_paragraph[^1][^1]) || !char.IsLower(lines[first][0]))) EndParagraph();
            _paragraph.AddRange(lines[first..next]);
            if (next < lines.Count) EndParagraph();
            first = next;
        }
    }

    private void EndParagraph()
    {
        if (_paragraph.Count > 0) Paragraph(words.Join(_paragraph));
        _paragraph.Clear();
    }

    private void Paragraph(string text)
    {
        _tables.End();
        if (Lines.BeginsItem(text)) to.ListItem(text);
        else to.Paragraph(text);
    }

    /// <summary>Pieces of a line, now that they are in no table.</summary>
    private static List<PdfLine> Whole(List<PdfLine> pieces)
    {
        var lines = new List<PdfLine>(pieces.Count);
        foreach (var piece in pieces)
        {
            if (piece.Continues && lines.Count > 0 && Math.Abs(lines[^1].Middle - piece.Middle) < piece.Height / 2) lines[^1] = lines[^1].With(piece);
            else lines.Add(piece);
        }

        return lines;
    }
}
