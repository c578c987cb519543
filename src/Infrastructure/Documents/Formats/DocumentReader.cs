using System.Xml;
using AiPlatform.Infrastructure.Documents.Child;
using AiPlatform.Infrastructure.Documents.Formats.Images;
using AiPlatform.Infrastructure.Documents.Formats.Mail;
using AiPlatform.Infrastructure.Documents.Formats.Office;
using AiPlatform.Infrastructure.Documents.Formats.Pdf;
using AiPlatform.Infrastructure.Documents.Formats.Text;
using AiPlatform.Infrastructure.Documents.Formats.Web;
using AiPlatform.Infrastructure.Documents.Parsing;

namespace AiPlatform.Infrastructure.Documents.Formats;

/// <summary>A file, whatever it is, into blocks.</summary>
internal static class DocumentReader
{
    /// <returns>The format it was read as.</returns>
    public static DocumentFormat Read(SourceFile file, ParseOrder order, DocumentWriter to)
    {
        if (file.Length == 0) throw Refuse.Empty();
        var format = FormatDetection.Detect(file);
        try
        {
            Read(format, file, order, to);
        }
        catch (Exception e) when (e is XmlException or InvalidDataException or EndOfStreamException)
        {
            throw Refuse.Damaged(Names.Of(format));
        }
        catch (OutOfMemoryException)
        {
            throw Refuse.TooLarge(Names.Of(format), "needs more memory than a document may have");
        }

        to.Complete();
        if (to.Characters == 0) throw Refuse.NoText(Names.Of(format));
        return format;
    }

    private static void Read(DocumentFormat format, SourceFile file, ParseOrder order, DocumentWriter to)
    {
        switch (format)
        {
            case DocumentFormat.Txt: PlainText.Write(TextEncodings.Decode(file, to), to); break;
            case DocumentFormat.Code: PlainText.WriteCode(TextEncodings.Decode(file, to), to); break;
            case DocumentFormat.Markdown: MarkdownText.Read(file, to); break;
            case DocumentFormat.Html: HtmlText.Read(file, to); break;
            case DocumentFormat.Csv: CsvTable.Read(file, to); break;
            case DocumentFormat.Json: JsonText.Read(file, to); break;
            case DocumentFormat.JsonLines: JsonText.ReadLines(file, to); break;
            case DocumentFormat.Email: MailReader.Read(file, to); break;
            case DocumentFormat.Pdf: PdfReader.Read(file, order, to); break;
            case DocumentFormat.Docx: DocxReader.Read(file, to); break;
            case DocumentFormat.Pptx: PptxReader.Read(file, to); break;
            case DocumentFormat.Xlsx: XlsxReader.Read(file, to); break;
            case DocumentFormat.Odt or DocumentFormat.Ods or DocumentFormat.Odp: OpenDocumentReader.Read(file, format, to); break;
            case DocumentFormat.Png or DocumentFormat.Jpeg or DocumentFormat.Gif or DocumentFormat.Tiff or DocumentFormat.Bmp or DocumentFormat.Webp:
                ImageReader.Read(file, format, order, to);
                break;
            default: PandocText.Read(file, format, to); break;
        }
    }
}
