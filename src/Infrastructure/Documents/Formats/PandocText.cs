using System.Text;
using System.Text.RegularExpressions;
using AiPlatform.Infrastructure.Documents.Formats.Office;
using AiPlatform.Infrastructure.Documents.Formats.Web;
using AiPlatform.Infrastructure.Documents.Parsing;

namespace AiPlatform.Infrastructure.Documents.Formats;

/// <summary>Formats that pandoc turns into HTML. <c>--sandbox</c> keeps it from reading anything but the file.</summary>
internal static partial class PandocText
{
    private const int MostBytesOfZip = 256 << 20;

    public static void Read(SourceFile file, DocumentFormat format, DocumentWriter to)
    {
        var path = file.Path;
        var chapters = format is DocumentFormat.Epub ? ChaptersOf(file) : [];
        if (format is not DocumentFormat.Epub) File.WriteAllText(path = Path.Combine(file.Scratch, "utf8"), format is DocumentFormat.Rtf ? UnicodeEscape().Replace(TextEncodings.Decode(file, to), "$0 ") : TextEncodings.Decode(file, to));
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
        // Without a title of its own, pandoc calls a document by its file.
        HtmlText.Write(EpubChapters.Name(html.ToString(), chapters), to, notTitle: Path.GetFileName(path));
    }

    private static Dictionary<string, string> ChaptersOf(SourceFile file)
    {
        try
        {
            using var zip = new ZipContent(file.Path, "e-book");
            // The mark of rights management.
            if (zip.Find("META-INF/rights.xml") is not null) throw Refuse.Protected("e-book");
            zip.Measure(MostBytesOfZip);
            return EpubChapters.Names(zip);
        }
        catch (InvalidDataException)
        {
            throw Refuse.Damaged("e-book");
        }
    }

    /// <summary>Pandoc takes the stand-in after <c>\u252</c> for the end of the word, and the letter after it for the stand-in. A space ends the word as well.</summary>
    [GeneratedRegex(@"\\u-?[0-9]{1,5}(?=[^ \\{}0-9\r\n])")]
    private static partial Regex UnicodeEscape();

    private static string From(DocumentFormat format) => format switch
    {
        DocumentFormat.Epub => "epub",
        DocumentFormat.Rtf => "rtf",
        DocumentFormat.ReStructuredText => "rst",
        DocumentFormat.Tex => "latex",
        _ => "ipynb",
    };
}
