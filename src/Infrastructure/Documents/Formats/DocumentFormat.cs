namespace AiPlatform.Infrastructure.Documents.Formats;

/// <summary>The formats that are read.</summary>
internal enum DocumentFormat
{
    Txt,
    Code,
    Markdown,
    Html,
    Csv,
    Json,
    JsonLines,
    Email,
    Rtf,
    ReStructuredText,
    Tex,
    Notebook,
    Pdf,
    Docx,
    Pptx,
    Xlsx,
    Epub,
    Odt,
    Ods,
    Odp,
    Png,
    Jpeg,
    Gif,
    Tiff,
    Bmp,
    Webp,
}
