using System.Globalization;
using System.Text;
using System.Xml;
using AiPlatform.Infrastructure.Documents.Parsing;

namespace AiPlatform.Infrastructure.Documents.Formats.Office;

/// <summary>
/// Word documents: headings by style, lists, tables, footnotes and comments. Pages are those at which Word broke the text when it last saved it, or where
/// its author did.
/// </summary>
internal sealed class DocxReader
{
    private readonly DocumentWriter _to;
    private readonly DocxStyles _styles;
    private readonly TableWriter _table;
    private readonly Stack<Paragraph> _paragraphs = new();
    private readonly List<string> _row = [];
    private StringBuilder? _cell;
    private int _tables;
    private int _skip;
    private bool _inText;
    private bool _isHeader;
    private bool _authorsBreak;
    private int _breaks;

    private DocxReader(DocumentWriter to, DocxStyles styles) => (_to, _styles, _table) = (to, styles, new TableWriter(to));

    public static void Read(SourceFile file, DocumentWriter to)
    {
        using var zip = new ZipContent(file.Path, "Word document");
        var xml = new OfficeXml(zip, "Word document");
        to.SetTitle(xml.Title("docProps/core.xml"));
        to.NextPage();
        var reader = new DocxReader(to, DocxStyles.Read(xml));
        xml.Walk("word/document.xml", reader.Begin, reader.End, reader.Text);
        foreach (var part in new[] { "word/footnotes.xml", "word/endnotes.xml", "word/comments.xml" }) Notes(xml, part, to);
    }

    private static void Notes(OfficeXml xml, string part, DocumentWriter to)
    {
        var note = new StringBuilder();
        var inText = false;
        xml.Walk(part, reader => inText = reader.LocalName == "t", reader =>
        {
            inText = false;
            if (reader.LocalName == "p") note.Append(' ');
            if (reader.LocalName is not ("footnote" or "endnote" or "comment")) return;
            to.Note(note.ToString());
            note.Clear();
        }, reader => note.Append(inText ? reader.Value : ""));
    }

    private void Begin(XmlReader reader)
    {
        // What is said twice, for programs that do not know the first form; what was deleted; the codes of fields.
        if (_skip > 0 || reader.LocalName is "Fallback" or "del" or "moveFrom" or "instrText")
        {
            if (!reader.IsEmptyElement) _skip++;
            return;
        }

        switch (reader.LocalName)
        {
            case "p" when IsWord(reader): _paragraphs.Push(new Paragraph()); break;
            case "pStyle" when Current is { } paragraph: paragraph.Style = OfficeXml.Attribute(reader, "val"); break;
            case "numPr" when Current is { } paragraph: paragraph.IsList = true; break;
            case "outlineLvl" when Current is { } paragraph && int.TryParse(OfficeXml.Attribute(reader, "val"), NumberStyles.None, CultureInfo.InvariantCulture, out var level) && level < 9:
                paragraph.Level = level + 1;
                break;
            case "t": _inText = true; break;
            case "tab" when Current is { InProperties: false } paragraph: paragraph.Text.Append('\t'); break;
            case "br" or "cr": Break(reader); break;
            case "noBreakHyphen": Current?.Text.Append('-'); break;
            case "lastRenderedPageBreak": PageBreak(byAuthor: false); break;
            case "pPr" when Current is { } paragraph: paragraph.InProperties = true; break;
            case "tbl": BeginTable(); break;
            case "tr" when _tables == 1:
                _isHeader = false;
                _row.Clear();
                break;
            case "tblHeader" when _tables == 1: _isHeader = true; break;
            case "tc" when _tables == 1: _cell = new StringBuilder(); break;
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
            case "p" when IsWord(reader) && _paragraphs.Count > 0: EndParagraph(_paragraphs.Pop()); break;
            case "t": _inText = false; break;
            case "pPr" when Current is { } paragraph: paragraph.InProperties = false; break;
            case "tc" when _tables == 1: _row.Add(_cell?.ToString() ?? ""); _cell = null; break;
            case "tr" when _tables == 1: _table.Row(_row, _isHeader ? true : null); break;
            case "tbl": _tables--; Turn(); break;
        }
    }

    private void Text(XmlReader reader)
    {
        if (_skip == 0 && _inText) Current?.Text.Append(reader.Value);
    }

    private Paragraph? Current => _paragraphs.TryPeek(out var paragraph) ? paragraph : null;

    private static bool IsWord(XmlReader reader) => reader.NamespaceURI.Contains("wordprocessingml", StringComparison.Ordinal);

    private void BeginTable()
    {
        if (++_tables == 1) _table.Begin();
    }

    private void Break(XmlReader reader)
    {
        if (OfficeXml.Attribute(reader, "type") == "page") PageBreak(byAuthor: true);
        else Current?.Text.Append('\n');
    }

    /// <summary>Word notes its own break right after the author's: the two are one.</summary>
    private void PageBreak(bool byAuthor)
    {
        var isSame = !byAuthor && _authorsBreak;
        _authorsBreak = byAuthor;
        if (isSame) return;
        _breaks++;
        // At the beginning of a paragraph, all of it is on the next page; within one, or within a table, what comes after.
        if (Current is { Text.Length: 0 } && _paragraphs.Count == 1) Turn();
    }

    private void Turn()
    {
        if (_tables > 0) return;
        for (; _breaks > 0; _breaks--) _to.NextPage();
    }

    private void EndParagraph(Paragraph paragraph)
    {
        var text = paragraph.Text.ToString();
        if (!string.IsNullOrWhiteSpace(text)) _authorsBreak = false;
        if (_cell is not null)
        {
            if (!string.IsNullOrWhiteSpace(text)) _cell.Append(_cell.Length > 0 ? " " : "").Append(text);
            return;
        }

        var level = paragraph.Level > 0 ? paragraph.Level : _styles.LevelOf(paragraph.Style);
        if (_styles.IsTitle(paragraph.Style)) _to.SetTitle(text);
        if (level > 0) _to.Heading(level, text);
        else if (paragraph.IsList || _styles.IsList(paragraph.Style)) _to.ListItem(text);
        else if (_styles.IsCode(paragraph.Style)) _to.Code(text);
        else _to.Paragraph(text);
        Turn();
    }

    private sealed class Paragraph
    {
        public StringBuilder Text { get; } = new();
        public string? Style { get; set; }
        public bool IsList { get; set; }
        public bool InProperties { get; set; }
        public int Level { get; set; }
    }
}
