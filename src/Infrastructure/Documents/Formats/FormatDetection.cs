using System.IO.Compression;
using System.Text;
using AiPlatform.Infrastructure.Documents.Formats.Office;
using AiPlatform.Infrastructure.Documents.Parsing;

namespace AiPlatform.Infrastructure.Documents.Formats;

/// <summary>
/// Decides what a file is: its bytes first, its name where bytes do not tell. A file with a wrong name is read as what it is; what is not read gets a
/// sentence that says what it is.
/// </summary>
internal static class FormatDetection
{
    private const string TryAnother = "Save it in one of the formats that are read, such as PDF, DOCX or TXT.";

    public static DocumentFormat Detect(SourceFile file)
    {
        var head = file.Head;
        if (MagicBytes.Format(head) is { } format) return format;
        if (MagicBytes.IsZip(head)) return Zip(file);
        if (MagicBytes.IsCompoundFile(head)) throw CompoundFile.Refusal(file);
        if (MagicBytes.ForeignName(head) is { } foreign) throw Refuse.Unsupported(foreign, foreign.Contains("archive", StringComparison.Ordinal) ? "Unpack it and upload the files in it." : TryAnother);
        return Text(file);
    }

    /// <summary>The formats of text by name, and by a look at the beginning where the name promises something else.</summary>
    private static DocumentFormat Text(SourceFile file)
    {
        var promised = KnownExtensions.Promised(file.Filename);
        var looksLikeText = TextEncodings.LooksLikeText(file.Head);
        if (promised is { } format && IsText(format))
            return looksLikeText ? format : throw Refuse.Unsupported("not a text, although its name says so", "It holds bytes that no text has. " + TryAnother);
        if (promised is not null && !looksLikeText) throw Refuse.Damaged(Names.Of(promised.Value));
        if (!looksLikeText) throw Refuse.Unsupported("a file of an unknown kind", TryAnother);
        return Guess(file.Head);
    }

    private static bool IsText(DocumentFormat format) => format < DocumentFormat.Pdf && format is not DocumentFormat.Rtf;

    private static DocumentFormat Guess(ReadOnlySpan<byte> head)
    {
        var start = Encoding.UTF8.GetString(head).TrimStart('\uFEFF', ' ', '\t', '\r', '\n');
        if (start.StartsWith("<!doctype html", StringComparison.OrdinalIgnoreCase) || start.StartsWith("<html", StringComparison.OrdinalIgnoreCase)) return DocumentFormat.Html;
        return DocumentFormat.Txt;
    }

    private static DocumentFormat Zip(SourceFile file)
    {
        var promised = KnownExtensions.Promised(file.Filename);
        try
        {
            using var zip = new ZipContent(file.Path, "file");
            if (zip.Find("[Content_Types].xml") is not null)
            {
                if (zip.Find("word/document.xml") is not null) return DocumentFormat.Docx;
                if (zip.Find("ppt/presentation.xml") is not null) return DocumentFormat.Pptx;
                if (zip.Find("xl/workbook.xml") is not null) return DocumentFormat.Xlsx;
                if (zip.Find("xl/workbook.bin") is not null) throw Refuse.Unsupported("a binary workbook of Excel (.xlsb)", "Save it as .xlsx and upload that.");
                if (promised is { } office) throw Refuse.Damaged(Names.Of(office));
            }

            var kind = zip.Find("mimetype") is { } mimetype ? zip.ReadText(mimetype, 200).Trim() : "";
            if (kind == "application/epub+zip") return DocumentFormat.Epub;
            if (kind.StartsWith("application/vnd.oasis.opendocument.text", StringComparison.Ordinal)) return DocumentFormat.Odt;
            if (kind.StartsWith("application/vnd.oasis.opendocument.spreadsheet", StringComparison.Ordinal)) return DocumentFormat.Ods;
            if (kind.StartsWith("application/vnd.oasis.opendocument.presentation", StringComparison.Ordinal)) return DocumentFormat.Odp;
            if (kind.StartsWith("application/vnd.oasis.opendocument", StringComparison.Ordinal)) throw Refuse.Unsupported("an OpenDocument drawing or formula", "Save it as PDF and upload that.");
            if (zip.Find("Index/Document.iwa") is not null) throw Refuse.Unsupported("a document of Apple's iWork", "Export it as PDF or DOCX and upload that.");
        }
        catch (InvalidDataException)
        {
            throw Refuse.Damaged(promised is { } format && !IsText(format) ? Names.Of(format) : "archive");
        }

        throw Refuse.Unsupported("an archive (ZIP)", "Unpack it and upload the files in it.");
    }
}
