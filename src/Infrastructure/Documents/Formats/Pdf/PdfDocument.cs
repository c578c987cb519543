using System.Globalization;
using AiPlatform.Infrastructure.Documents.Child;
using AiPlatform.Infrastructure.Documents.Parsing;

namespace AiPlatform.Infrastructure.Documents.Formats.Pdf;

/// <summary>What <c>pdfinfo</c> says of a PDF before anything of it is read.</summary>
internal static class PdfDocument
{
    public const string Package = "poppler-utils";

    public static string? Open(SourceFile file, ParseLimits limits)
    {
        var info = Tool.Run("pdfinfo", Package, ["-enc", "UTF-8", file.Path]);
        if (info.Errors.Contains("Incorrect password", StringComparison.Ordinal)) throw Refuse.Protected("PDF");
        if (info.ExitCode == Tool.OutOfTime) throw Refuse.TooLarge("PDF", "needs too much time to open");
        var pages = int.TryParse(Field(info.Output, "Pages"), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : 0;
        if (info.ExitCode != 0 || pages == 0) throw Refuse.Damaged("PDF");
        if (pages > limits.MaxPages) throw Refuse.TooManyPages(limits.MaxPages);
        return Field(info.Output, "Title");
    }

    private static string? Field(string output, string name)
    {
        foreach (var line in output.Split('\n'))
            if (line.StartsWith(name + ":", StringComparison.Ordinal)) return line[(name.Length + 1)..].Trim();
        return null;
    }
}
