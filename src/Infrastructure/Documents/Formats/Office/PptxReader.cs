using System.Text;
using System.Xml;
using AiPlatform.Infrastructure.Documents.Parsing;

namespace AiPlatform.Infrastructure.Documents.Formats.Office;

/// <summary>Presentations: a slide is a page, called by its title; the speaker's notes come after it.</summary>
internal sealed class PptxReader
{
    private const string Presentation = "ppt/presentation.xml";

    private readonly List<Shape> _shapes = [];
    private readonly StringBuilder _text = new();
    private List<string>? _row;
    private int _skip;
    private bool _inText;

    public static void Read(SourceFile file, DocumentWriter to)
    {
        using var zip = new ZipContent(file.Path, "presentation");
        var xml = new OfficeXml(zip, "presentation");
        to.SetTitle(xml.Title("docProps/core.xml"));
        var parts = xml.Relationships(Presentation);
        var slides = new List<string>();
        xml.Walk(Presentation, reader =>
        {
            if (reader.LocalName == "sldId" && parts.TryGetValue(OfficeXml.RelationshipId(reader), out var slide)) slides.Add(slide.Part);
        });
        foreach (var slide in slides)
        {
            var content = new PptxReader();
            if (!xml.Walk(slide, content.Begin, content.End, content.Text)) continue;
            content.WriteSlide(to);
            foreach (var notes in xml.Relationships(slide).Values.Where(part => part.Type == "notesSlide"))
            {
                var said = new PptxReader();
                xml.Walk(notes.Part, said.Begin, said.End, said.Text);
                foreach (var shape in said._shapes.Where(shape => shape.Kind == "body")) to.Note(string.Join('\n', shape.Lines));
            }
        }
    }

    private void Begin(XmlReader reader)
    {
        if (_skip > 0 || reader.LocalName == "Fallback")
        {
            if (!reader.IsEmptyElement) _skip++;
            return;
        }

        switch (reader.LocalName)
        {
            case "sp" or "graphicFrame": _shapes.Add(new Shape()); break;
            case "ph" when _shapes.Count > 0: _shapes[^1].Kind = reader.GetAttribute("type") ?? "body"; break;
            case "tr": _row = []; break;
            case "t": _inText = true; break;
            case "br": _text.Append('\n'); break;
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
            case "t": _inText = false; break;
            case "p" when _shapes.Count > 0 && _row is null: _shapes[^1].Lines.Add(TakeText()); break;
            case "p": _text.Append(' '); break;
            case "tc": _row?.Add(TakeText()); break;
            case "tr" when _shapes.Count > 0 && _row is not null: _shapes[^1].Rows.Add(_row); _row = null; break;
        }
    }

    private void Text(XmlReader reader)
    {
        if (_skip == 0 && _inText) _text.Append(reader.Value);
    }

    private string TakeText()
    {
        var text = _text.ToString();
        _text.Clear();
        return text;
    }

    private void WriteSlide(DocumentWriter to)
    {
        var title = _shapes.Find(shape => shape.IsTitle && shape.HasText);
        to.NextPage(title is null ? null : string.Join(' ', title.Lines));
        if (title is not null)
        {
            to.Heading(1, string.Join(' ', title.Lines));
            to.SetTitle(string.Join(' ', title.Lines));
        }

        var table = new TableWriter(to);
        foreach (var shape in _shapes.Where(shape => shape != title && shape.Kind is not ("sldNum" or "dt" or "ftr" or "hdr")))
        {
            var lines = shape.Lines.Where(line => !string.IsNullOrWhiteSpace(line)).ToList();
            if (shape.Kind == "subTitle" || lines.Count == 1) to.Paragraph(string.Join('\n', lines));
            else lines.ForEach(to.ListItem);
            table.Begin();
            foreach (var row in shape.Rows) table.Row(row);
        }
    }

    private sealed class Shape
    {
        public string Kind { get; set; } = "";
        public List<string> Lines { get; } = [];
        public List<List<string>> Rows { get; } = [];
        public bool IsTitle => Kind is "title" or "ctrTitle";
        public bool HasText => Lines.Exists(line => !string.IsNullOrWhiteSpace(line));
    }
}
