namespace AiPlatform.Infrastructure.Documents.Formats;

/// <summary>What people call the formats.</summary>
internal static class Names
{
    public static string Of(DocumentFormat format) => format switch
    {
        DocumentFormat.Pdf => "PDF",
        DocumentFormat.Docx => "Word document",
        DocumentFormat.Pptx => "presentation",
        DocumentFormat.Xlsx => "workbook",
        DocumentFormat.Epub => "e-book",
        DocumentFormat.Odt => "OpenDocument text",
        DocumentFormat.Ods => "spreadsheet",
        DocumentFormat.Odp => "presentation",
        DocumentFormat.Rtf => "RTF document",
        DocumentFormat.Html => "web page",
        DocumentFormat.Markdown => "Markdown file",
        DocumentFormat.Csv => "table",
        DocumentFormat.Json or DocumentFormat.JsonLines => "JSON file",
        DocumentFormat.Email => "e-mail",
        DocumentFormat.Notebook => "notebook",
        DocumentFormat.Png or DocumentFormat.Jpeg or DocumentFormat.Gif or DocumentFormat.Tiff or DocumentFormat.Bmp or DocumentFormat.Webp => "picture",
        _ => "file",
    };

    /// <summary>In the records of a text.</summary>
    public static string Id(DocumentFormat format) => format switch
    {
        DocumentFormat.JsonLines => "jsonl",
        DocumentFormat.Email => "eml",
        DocumentFormat.ReStructuredText => "rst",
        DocumentFormat.Notebook => "ipynb",
        _ => format.ToString().ToLowerInvariant(),
    };
}
