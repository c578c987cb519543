namespace AiPlatform.Api.Forms;

/// <summary>The types that files are sent as, by the ending of their names: none that a browser would run.</summary>
internal static class ContentTypes
{
    private const string Unknown = "application/octet-stream";

    private static readonly Dictionary<string, string> ByEnding = new(StringComparer.OrdinalIgnoreCase)
    {
        [".pdf"] = "application/pdf",
        [".docx"] = "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        [".pptx"] = "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        [".xlsx"] = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        [".odt"] = "application/vnd.oasis.opendocument.text",
        [".epub"] = "application/epub+zip",
        [".rtf"] = "application/rtf",
        [".zip"] = "application/zip",
        [".json"] = "application/json",
        [".jsonl"] = "application/jsonl",
        [".txt"] = "text/plain",
        [".md"] = "text/markdown",
        [".csv"] = "text/csv",
        [".png"] = "image/png",
        [".jpg"] = "image/jpeg",
        [".jpeg"] = "image/jpeg",
        [".gif"] = "image/gif",
        [".webp"] = "image/webp",
        [".tif"] = "image/tiff",
        [".tiff"] = "image/tiff",
    };

    public static string Of(string filename) => ByEnding.GetValueOrDefault(Path.GetExtension(filename), Unknown);
}
