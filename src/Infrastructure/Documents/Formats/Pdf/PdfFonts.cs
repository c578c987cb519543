using System.Globalization;
using System.Xml;
using AiPlatform.Infrastructure.Documents.Parsing;

namespace AiPlatform.Infrastructure.Documents.Formats.Pdf;

/// <summary>
/// The sizes and weights of letters, which only <c>pdftohtml</c> tells. Its pieces of text lie where the lines of <see cref="PdfLayout"/> do. Lines that it does
/// not know keep the size that they seem to have.
/// </summary>
internal sealed class PdfFonts
{
    private const int MostPieces = 100_000;

    /// <summary>Of the pieces at a line's height; more are not worth the time.</summary>
    private const int MostAtLine = 400;
    private static readonly string[] Heavy = ["bold", "black", "heavy", "demi", "cmbx", "sfbx", "-medi"];
    private static readonly XmlReaderSettings Settings = new() { DtdProcessing = DtdProcessing.Ignore, XmlResolver = null, CheckCharacters = false };

    private readonly Dictionary<string, (double Size, bool Bold)> _fonts = [];
    private readonly List<Piece> _pieces = [];

    /// <summary>Of its points to those of the page.</summary>
    private double _zoom = 1;

    private readonly record struct Piece(int Row, double Left, double Right, double Size, bool Bold);

    public static void Apply(SourceFile file, IReadOnlyList<PdfPage> pages) =>
        Tool.Stream("pdftohtml", PdfDocument.Package, ["-xml", "-i", "-stdout", "-fontfullname", "-zoom", "3", file.Path], output => new PdfFonts().Read(output, pages));

    private void Read(StreamReader output, IReadOnlyList<PdfPage> pages)
    {
        using var xml = XmlReader.Create(new PrintableReader(output), Settings);
        var page = 0;
        try
        {
            while (xml.Read())
            {
                if (xml is { NodeType: XmlNodeType.EndElement, LocalName: "page" } && page > 0) Mark(pages[page - 1]);
                if (xml.NodeType is not XmlNodeType.Element) continue;
                if (xml.LocalName is "page") page = Begin(xml, pages);
                else if (xml.LocalName is "fontspec" && xml.GetAttribute("id") is { } id && _fonts.Count < MostPieces) _fonts[id] = (Number(xml, "size"), IsBold(xml.GetAttribute("family")));
                else if (xml.LocalName is "text" && _pieces.Count < MostPieces) Add(xml);
            }
        }
        catch (XmlException)
        {
            // Titles of its own are not escaped in all versions: what has been read until here is kept.
        }
    }

    private int Begin(XmlReader xml, IReadOnlyList<PdfPage> pages)
    {
        if (!int.TryParse(xml.GetAttribute("number"), NumberStyles.None, CultureInfo.InvariantCulture, out var page) || page < 1 || page > pages.Count) return 0;
        _zoom = 1;
        _zoom = Number(xml, "width") / Math.Max(1, pages[page - 1].Width);
        if (_zoom <= 0) _zoom = 1;
        return page;
    }

    private void Add(XmlReader xml)
    {
        var (left, top) = (Number(xml, "left"), Number(xml, "top"));
        var (right, bottom) = (left + Number(xml, "width"), top + Number(xml, "height"));
        var font = _fonts.GetValueOrDefault(xml.GetAttribute("font") ?? "");
        var (bold, plain, depth, start) = (false, false, 0, xml.Depth);
        if (xml.IsEmptyElement) return;
        while (xml.Read() && xml.Depth > start)
        {
            if (xml is { NodeType: XmlNodeType.Element, LocalName: "b", IsEmptyElement: false }) depth++;
            else if (xml is { NodeType: XmlNodeType.EndElement, LocalName: "b" }) depth--;
            else if (xml.NodeType is XmlNodeType.Text && depth > 0 && !string.IsNullOrWhiteSpace(xml.Value)) bold = true;
            else if (xml.NodeType is XmlNodeType.Text && !string.IsNullOrWhiteSpace(xml.Value)) plain = true;
        }

        if (bold || plain) _pieces.Add(new Piece(Row((top + bottom) / 2), left, right, font.Size, bold ? !plain : font.Bold));
    }

    private void Mark(PdfPage page)
    {
        _pieces.Sort((a, b) => a.Row != b.Row ? a.Row.CompareTo(b.Row) : a.Left.CompareTo(b.Left));
        foreach (var line in page.Lines.Where(line => !line.Upright))
        {
            var (letters, widest, bold) = (0.0, 0.0, true);
            for (var row = Row(line.Top + line.Height / 4); row <= Row(line.Bottom - line.Height / 4) && row < Row(line.Top) + 100; row++)
            {
                var first = Math.Max(0, First(row, line.Left) - 1);
                for (var i = first; i < _pieces.Count && i < first + MostAtLine; i++)
                {
                    var piece = _pieces[i];
                    if (piece.Row > row || (piece.Row == row && piece.Left >= line.Right)) break;
                    var shared = Math.Min(piece.Right, line.Right) - Math.Max(piece.Left, line.Left);
                    if (piece.Row != row || shared <= 0.5) continue;
                    letters += shared;
                    bold &= piece.Bold;
                    if (shared > widest) (widest, line.Size) = (shared, piece.Size > 0 ? piece.Size : line.Size);
                }
            }

            line.Bold = bold && letters > (line.Right - line.Left) / 2;
        }

        _pieces.Clear();
    }

    /// <summary>The first piece of the row that begins at this place or later.</summary>
    private int First(int row, double left)
    {
        var (from, to) = (0, _pieces.Count);
        while (from < to)
        {
            var middle = (from + to) / 2;
            if (_pieces[middle].Row < row || (_pieces[middle].Row == row && _pieces[middle].Left < left)) from = middle + 1;
            else to = middle;
        }

        return from;
    }

    private static int Row(double y) => (int)(y / 2);

    private static bool IsBold(string? family) => family is not null && Array.Exists(Heavy, word => family.Contains(word, StringComparison.OrdinalIgnoreCase));

    private double Number(XmlReader xml, string name) =>
        double.TryParse(xml.GetAttribute(name), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? Math.Clamp(number / _zoom, -100_000, 100_000) : 0;
}
