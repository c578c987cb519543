using System.Globalization;
using System.Text;
using System.Xml;
using AiPlatform.Infrastructure.Documents.Parsing;

namespace AiPlatform.Infrastructure.Documents.Formats.Office;

/// <summary>Texts, spreadsheets and presentations of LibreOffice and its kin. A sheet or slide is a page, and so is what a text was printed on when it was saved.</summary>
internal sealed class OpenDocumentReader(DocumentFormat format, DocumentWriter to)
{
    private const int MostRepeats = 1000;

    private readonly TableWriter _table = new(to);
    private readonly Stack<Paragraph> _paragraphs = new();
    private readonly List<string> _row = [];
    private StringBuilder? _cell;
    private StringBuilder? _note;
    private int _tables;
    private int _lists;
    private int _skip;
    private int _cellRepeats;
    private bool _inHeader;

    public static void Read(SourceFile file, DocumentFormat format, DocumentWriter to)
    {
        using var zip = new ZipContent(file.Path, Names.Of(format));
        if (zip.Find("META-INF/manifest.xml") is { } manifest && zip.ReadText(manifest, 1 << 20).Contains("encryption-data", StringComparison.Ordinal)) throw Refuse.Protected(Names.Of(format));
        var xml = new OfficeXml(zip, Names.Of(format));
        to.SetTitle(xml.Title("meta.xml"));
        if (format is DocumentFormat.Odt) to.NextPage();
        var reader = new OpenDocumentReader(format, to);
        if (!xml.Walk("content.xml", reader.Begin, reader.End, reader.Text)) throw Refuse.Damaged(Names.Of(format));
    }

    private void Begin(XmlReader reader)
    {
        // What was deleted, the number of a footnote, who wrote a comment.
        if (_skip > 0 || reader.LocalName is "tracked-changes" or "note-citation" or "forms" || reader.NamespaceURI == "http://purl.org/dc/elements/1.1/")
        {
            if (!reader.IsEmptyElement) _skip++;
            return;
        }

        switch (reader.LocalName)
        {
            case "p" or "h": _paragraphs.Push(new Paragraph(reader.LocalName == "h" ? Count(reader, "outline-level", 1) : 0)); break;
            case "s": Current?.Text.Append(' ', Math.Min(Count(reader, "c", 1), MostRepeats)); break;
            case "tab": Current?.Text.Append('\t'); break;
            case "line-break": Current?.Text.Append('\n'); break;
            case "list-item": _lists++; break;
            case "note" or "annotation" or "notes": _note = new StringBuilder(); break;
            case "soft-page-break" when format is DocumentFormat.Odt && _tables == 0 && _paragraphs.Count == 0: to.NextPage(); break;
            case "page" when format is DocumentFormat.Odp: to.NextPage(OfficeXml.Attribute(reader, "name")); break;
            case "table": BeginTable(reader); break;
            case "table-header-rows": _inHeader = true; break;
            case "table-row" when _tables == 1: _row.Clear(); break;
            case "table-cell" or "covered-table-cell" when _tables == 1: (_cell, _cellRepeats) = (new StringBuilder(), Count(reader, "number-columns-repeated", 1)); break;
        }
    }

    private void End(XmlReader reader)
    {
        if (_skip > 0)
        {
            if (!reader.IsEmptyElement) _skip--;
            return;
        }

        switch (reader.LocalName)
        {
            case "p" or "h" when _paragraphs.Count > 0: EndParagraph(_paragraphs.Pop()); break;
            case "list-item": _lists--; break;
            case "note" or "annotation" or "notes" when _note is not null:
                to.Note(_note.ToString());
                _note = null;
                break;
            case "table": _tables--; break;
            case "table-header-rows": _inHeader = false; break;
            case "table-row" when _tables == 1: EndRow(); break;
            case "table-cell" or "covered-table-cell" when _tables == 1 && _cell is not null:
                // Sheets are filled with empty cells up to their last column.
                for (var i = 0; i < Math.Min(_cellRepeats, _cell.Length == 0 ? MostRepeats / 4 : MostRepeats); i++) _row.Add(_cell.ToString());
                _cell = null;
                break;
        }
    }

    private void Text(XmlReader reader)
    {
        if (_skip == 0 && Current is { } paragraph) paragraph.Text.Append(TextHygiene.Clean(reader.Value).ReplaceLineEndings(" "));
    }

    private Paragraph? Current => _paragraphs.TryPeek(out var paragraph) ? paragraph : null;

    private void BeginTable(XmlReader reader)
    {
        if (++_tables > 1) return;
        if (format is DocumentFormat.Ods) to.NextPage(OfficeXml.Attribute(reader, "name"));
        _table.Begin();
    }

    private void EndRow()
    {
        if (_row.TrueForAll(string.IsNullOrWhiteSpace)) _table.Begin();
        else _table.Row(_row, _inHeader ? true : null);
    }

    private void EndParagraph(Paragraph paragraph)
    {
        var text = paragraph.Text.ToString();
        if (_note is not null) _note.Append(_note.Length > 0 ? "\n" : "").Append(text);
        else if (_cell is not null) _cell.Append(_cell.Length > 0 ? " " : "").Append(text);
        else if (paragraph.Level > 0) to.Heading(paragraph.Level, text);
        else if (_lists > 0) to.ListItem(text);
        else to.Paragraph(text);
    }

    private static int Count(XmlReader reader, string name, int otherwise) =>
        int.TryParse(OfficeXml.Attribute(reader, name), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : otherwise;

    private sealed record Paragraph(int Level)
    {
        public StringBuilder Text { get; } = new();
    }
}
