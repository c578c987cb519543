using System.Text;
using AiPlatform.Infrastructure.Documents.Formats.Office;
using AiPlatform.Infrastructure.Documents.Formats.Web;
using AiPlatform.Infrastructure.Documents.Parsing;

namespace AiPlatform.Infrastructure.Documents.Formats;

/// <summary>Formats that pandoc turns into HTML. <c>--sandbox</c> keeps it from reading anything but the file.</summary>
internal static class PandocText
{
    private const int MostBytesOfZip = 256 << 20;

    public static void Read(SourceFile file, DocumentFormat format, DocumentWriter to)
    {
        var path = file.Path;
        if (format is DocumentFormat.Epub or DocumentFormat.Odt) RequireHarmless(file, format);
        else File.WriteAllText(path = Path.Combine(file.Scratch, "utf8"), TextEncodings.Decode(file, to));
        var html = new StringBuilder();
        var (code, _) = Tool.Stream("pandoc", "pandoc", ["--sandbox", "--from", From(format), "--to", "html", "--wrap=none", "--no-highlight", "--standalone", "--metadata", "lang=en", path], output =>
        {
            var buffer = new char[1 << 15];
            for (int read; (read = output.Read(buffer)) > 0;)
            {
                html.Append(buffer, 0, read);
                // Tags included, it is never so much for a document within the limits.
                if (html.Length / 8 > to.Limits.MaxCharacters) throw Refuse.TooMuchText(to.Limits.MaxCharacters);
            }
        });
        if (code != 0) throw code is Tool.OutOfTime or 251 or 134 ? Refuse.TooLarge(Names.Of(format), "needs too much time or memory") : Refuse.Damaged(Names.Of(format));
        to.NextPage();
        HtmlText.Write(html.ToString(), to);
    }

    private static void RequireHarmless(SourceFile file, DocumentFormat format)
    {
        try
        {
            using var zip = new ZipContent(file.Path, Names.Of(format));
            // The mark of an e-book with rights management; of fonts only, it does not matter.
            if (format is DocumentFormat.Epub && zip.Find("META-INF/rights.xml") is not null) throw Refuse.Protected(Names.Of(format));
            if (format is DocumentFormat.Odt && zip.Find("META-INF/manifest.xml") is { } manifest && zip.ReadText(manifest, 1 << 20).Contains("encryption-data", StringComparison.Ordinal))
                throw Refuse.Protected(Names.Of(format));
            zip.Measure(MostBytesOfZip);
        }
        catch (InvalidDataException)
        {
            throw Refuse.Damaged(Names.Of(format));
        }
    }

    private static string From(DocumentFormat format) => format switch
    {
        DocumentFormat.Epub => "epub",
        DocumentFormat.Odt => "odt",
        DocumentFormat.Rtf => "rtf",
        DocumentFormat.ReStructuredText => "rst",
        DocumentFormat.Tex => "latex",
        _ => "ipynb",
    };
}
