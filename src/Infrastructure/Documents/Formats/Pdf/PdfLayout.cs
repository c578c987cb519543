using System.Globalization;
using System.Text;
using System.Xml;
using AiPlatform.Infrastructure.Documents.Child;
using AiPlatform.Infrastructure.Documents.Parsing;

namespace AiPlatform.Infrastructure.Documents.Formats.Pdf;

/// <summary>Reads pages as <c>pdftotext -bbox-layout</c> writes them.</summary>
internal sealed class PdfLayout
{
    private static readonly XmlReaderSettings Settings = new() { DtdProcessing = DtdProcessing.Ignore, XmlResolver = null, CheckCharacters = false };

    private readonly List<PdfPage> _pages = [];
    private readonly ParseLimits _limits;
    private readonly StringBuilder _line = new();
    private double _left;
    private double _top;
    private double _right;
    private double _height;
    private int _characters;

    private PdfLayout(ParseLimits limits) => _limits = limits;

    public static List<PdfPage> Read(SourceFile file, ParseLimits limits)
    {
        var layout = new PdfLayout(limits);
        var whole = false;
        var (code, _) = Tool.Stream("pdftotext", PdfDocument.Package, ["-bbox-layout", "-enc", "UTF-8", file.Path, "-"], output => whole = layout.Read(output));
        if (code == Tool.OutOfTime) throw Refuse.TooLarge("PDF", "needs too much time");
        if (code is 128 + 6 or 128 + 9 or 128 + 11) throw Refuse.TooLarge("PDF", "needs too much memory, or is damaged: it");
        if (!whole) throw Refuse.Damaged("PDF");
        return layout._pages;
    }

    /// <summary>False when it breaks off.</summary>
    private bool Read(StreamReader output)
    {
        using var xml = XmlReader.Create(new PrintableReader(output), Settings);
        try
        {
            while (xml.Read())
            {
                if (xml.NodeType is XmlNodeType.Element) Begin(xml);
                else if (xml is { NodeType: XmlNodeType.EndElement, LocalName: "line" }) EndLine();
            }

            return true;
        }
        catch (XmlException)
        {
            return false;
        }
    }

    private void Begin(XmlReader xml)
    {
        switch (xml.LocalName)
        {
            case "page":
                if (_pages.Count >= _limits.MaxPages) throw Refuse.TooManyPages(_limits.MaxPages);
                _pages.Add(new PdfPage(_pages.Count + 1, Number(xml, "width"), Number(xml, "height")));
                break;
            case "block" when _pages.Count > 0:
                _pages[^1].Blocks.Add(new PdfBlock());
                break;
            case "line":
                _line.Clear();
                (_left, _top, _right, _height) = (Number(xml, "xMin"), Number(xml, "yMin"), Number(xml, "xMax"), 0);
                break;
            case "word":
                _height = Math.Max(_height, Number(xml, "yMax") - Number(xml, "yMin"));
                var word = xml.ReadString();
                _characters += word.Length + 1;
                if (_characters > _limits.MaxCharacters) throw Refuse.TooMuchText(_limits.MaxCharacters);
                if (_line.Length > 0) _line.Append(' ');
                _line.Append(word);
                break;
        }
    }

    private void EndLine()
    {
        if (_pages.Count > 0 && _pages[^1].Blocks.Count > 0 && _line.Length > 0) _pages[^1].Blocks[^1].Lines.Add(new PdfLine(_line.ToString(), _left, _top, _right, _height));
    }

    private static double Number(XmlReader xml, string name) =>
        double.TryParse(xml.GetAttribute(name), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : 0;

    /// <summary>Poppler writes whatever characters a font claims to have, also those that XML has not.</summary>
    private sealed class PrintableReader(TextReader inner) : TextReader
    {
        public override int Peek() => Printable(inner.Peek());

        public override int Read() => Printable(inner.Read());

        public override int Read(char[] buffer, int index, int count)
        {
            var read = inner.Read(buffer, index, count);
            foreach (ref var c in buffer.AsSpan(index, Math.Max(read, 0))) c = (char)Printable(c);
            return read;
        }

        private static int Printable(int c) => c is >= 0 and < ' ' and not ('\n' or '\t' or '\r') or 0xFFFE or 0xFFFF ? ' ' : c;
    }
}
