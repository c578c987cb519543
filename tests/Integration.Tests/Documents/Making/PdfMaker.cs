using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace AiPlatform.Integration.Tests.Documents.Making;

/// <summary>Writes PDFs by hand, also ones that no program would.</summary>
internal sealed class PdfMaker
{
    private readonly List<byte[]> _objects = [[], []];
    private readonly List<int> _pages = [];
    private readonly int _font;

    public PdfMaker() => _font = Font("Helvetica");

    /// <summary>Goes into the trailer: an entry such as <c>/Encrypt</c>.</summary>
    public string Trailer { get; set; } = "";

    public static byte[] Of(params string[] pages)
    {
        var pdf = new PdfMaker();
        foreach (var page in pages) pdf.Page([.. page.Split('\n').Select((line, i) => (72.0, 780 - 14.0 * i, 11.0, line))]);
        return pdf.Write();
    }

    public PdfMaker Page(params (double X, double Y, double Size, string Text)[] texts)
    {
        var content = new StringBuilder();
        foreach (var (x, y, size, text) in texts)
            content.Append(CultureInfo.InvariantCulture, $"BT /F1 {size} Tf 1 0 0 1 {x} {y} Tm ({text.Replace("\\", "\\\\").Replace("(", "\\(").Replace(")", "\\)")}) Tj ET\n");
        return Page($"/Font << /F1 {_font} 0 R >>", Encoding.Latin1.GetBytes(content.ToString()));
    }

    /// <summary>A page that is nothing but a grey picture.</summary>
    public PdfMaker Scan((int Width, int Height, byte[] Pixels) picture, int claimedWidth = 0, int claimedHeight = 0)
    {
        var (width, height) = (claimedWidth > 0 ? claimedWidth : picture.Width, claimedHeight > 0 ? claimedHeight : picture.Height);
        var image = AddStream($"/Type /XObject /Subtype /Image /Width {width} /Height {height} /ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /FlateDecode", Deflate(picture.Pixels));
        return Page($"/XObject << /I {image} 0 R >>", "q 595 0 0 842 0 0 cm /I Do Q"u8.ToArray());
    }

    public int Font(string name) => Add($"<< /Type /Font /Subtype /Type1 /BaseFont /{name} /Encoding /WinAnsiEncoding >>");

    public int Add(string content)
    {
        _objects.Add(Encoding.Latin1.GetBytes(content));
        return _objects.Count;
    }

    public int AddStream(string entries, byte[] content)
    {
        _objects.Add([.. Encoding.Latin1.GetBytes($"<< {entries} /Length {content.Length} >>\nstream\n"), .. content, .. "\nendstream"u8]);
        return _objects.Count;
    }

    public PdfMaker Page(string resources, byte[] content, bool deflate = false)
    {
        var stream = deflate ? AddStream("/Filter /FlateDecode", Deflate(content)) : AddStream("", content);
        _pages.Add(Add($"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << {resources} >> /Contents {stream} 0 R >>"));
        return this;
    }

    public byte[] Write(string? pageTree = null)
    {
        _objects[0] = "<< /Type /Catalog /Pages 2 0 R >>"u8.ToArray();
        _objects[1] = Encoding.Latin1.GetBytes(pageTree ?? $"<< /Type /Pages /Count {_pages.Count} /Kids [{string.Join(' ', _pages.Select(page => $"{page} 0 R"))}] >>");
        using var file = new MemoryStream();
        void Say(string text) => file.Write(Encoding.Latin1.GetBytes(text));

        Say("%PDF-1.4\n");
        var offsets = new List<long>();
        for (var i = 0; i < _objects.Count; i++)
        {
            offsets.Add(file.Length);
            Say($"{i + 1} 0 obj\n");
            file.Write(_objects[i]);
            Say("\nendobj\n");
        }

        var table = file.Length;
        Say($"xref\n0 {_objects.Count + 1}\n0000000000 65535 f \n");
        foreach (var offset in offsets) Say(offset.ToString("0000000000", CultureInfo.InvariantCulture) + " 00000 n \n");
        Say($"trailer << /Size {_objects.Count + 1} /Root 1 0 R {Trailer} >>\nstartxref\n{table}\n%%EOF\n");
        return file.ToArray();
    }

    public static byte[] Deflate(byte[] content)
    {
        using var result = new MemoryStream();
        using (var deflate = new ZLibStream(result, CompressionLevel.Fastest)) deflate.Write(content);
        return result.ToArray();
    }
}
