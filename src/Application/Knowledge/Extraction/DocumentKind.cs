namespace AiPlatform.Application.Knowledge.Extraction;

/// <summary>A kind of documents that can be read, for people to choose from; files of other names are tried as text.</summary>
public sealed record DocumentKind(string Name, IReadOnlyList<string> Extensions)
{
    public static readonly IReadOnlyList<DocumentKind> All =
    [
        new("PDF", [".pdf"]),
        new("Word", [".docx", ".docm"]),
        new("PowerPoint", [".pptx", ".pptm"]),
        new("Excel", [".xlsx", ".xlsm"]),
        new("OpenDocument", [".odt", ".ods", ".odp"]),
        new("RTF", [".rtf"]),
        new("EPUB", [".epub"]),
        new("Text", [".txt", ".log"]),
        new("Markdown", [".md", ".markdown"]),
        new("HTML", [".html", ".htm"]),
        new("Tables", [".csv", ".tsv"]),
        new("JSON", [".json", ".jsonl", ".ndjson"]),
        new("E-mail", [".eml"]),
        new("Images", [".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".gif", ".webp"]),
        new("Source code", [".c", ".cpp", ".cs", ".css", ".go", ".h", ".java", ".js", ".kt", ".php", ".py", ".rb", ".rs", ".sh", ".sql", ".swift", ".ts", ".tsx", ".xml", ".yaml", ".yml"]),
    ];
}
