using System.Globalization;
using System.Xml;
using AiPlatform.Infrastructure.Documents.Child;
using AiPlatform.Infrastructure.Documents.Parsing;

namespace AiPlatform.Infrastructure.Documents.Formats.Pdf;

/// <summary>Reads pages as <c>pdftotext -bbox-layout</c> writes them.</summary>
internal sealed class PdfLayout
{
    private static readonly XmlReaderSettings Settings = new() { DtdProcessing = DtdProcessing.Ignore, XmlResolver = null, CheckCharacters = false };

    /// <summary>Beyond any page, and near enough to be reckoned with.</summary>
    private const double Farthest = 100_000;

    private readonly List<PdfPage> _pages = [];
    private readonly ParseLimits _limits;
    private readonly List<PdfWord> _words = [];
    private int _characters;

    private PdfLayout(ParseLimits limits) => _limits = limits;

    public static List<PdfPage> Read(SourceFile file, ParseLimits limits)
    {
        var layout = new PdfLayout(limits);
        var whole = false;
        var (code, _) = Tool.Stream("pdftotext", PdfDocument.Package, ["-bbox-layout", "-nodiag", "-enc", "UTF-8", file.Path, "-"], output => whole = layout.Read(output));
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
                _words.Clear();
                break;
            case "word":
                var (left, top, right, bottom) = (Number(xml, "xMin"), Number(xml, "yMin"), Number(xml, "xMax"), Number(xml, "yMax"));
                var word = xml.ReadString();
                _characters += word.Length + 1;
                if (_characters > _limits.MaxCharacters) throw Refuse.TooMuchText(_limits.MaxCharacters);
                _words.Add(new PdfWord(word, left, top, right, bottom));
                break;
        }
    }

    private void EndLine()
    {
        if (_pages.Count == 0 || _pages[^1].Blocks.Count == 0 || _words.Count == 0) return;
        var (width, height) = (_words.Max(word => word.Right) - _words.Min(word => word.Left), _words.Max(word => word.Bottom) - _words.Min(word => word.Top));
        var isUpright = _words.Sum(word => word.Text.Length) > 2 && height > 2 * width;
        _pages[^1].Blocks[^1].Lines.AddRange(PdfWords.Pieces(isUpright ? Turned(_words, _pages[^1]) : _words, isUpright));
    }

    /// <summary>As if the page lay on its side.</summary>
    private static List<PdfWord> Turned(List<PdfWord> words, PdfPage page) => words[0].Top > words[^1].Top
        ? words.ConvertAll(word => new PdfWord(word.Text, page.Height - word.Bottom, word.Left, page.Height - word.Top, word.Right))
        : words.ConvertAll(word => new PdfWord(word.Text, word.Top, page.Width - word.Right, word.Bottom, page.Width - word.Left));

    private static double Number(XmlReader xml, string name) =>
        double.TryParse(xml.GetAttribute(name), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? Math.Clamp(number, -Farthest, Farthest) : 0;
}
