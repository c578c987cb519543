using AiPlatform.Infrastructure.Documents.Child;
using AiPlatform.Infrastructure.Documents.Formats.Images;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Infrastructure.Documents;

/// <summary>At start: says once which formats cannot be read because a program is missing, and how parsers are confined.</summary>
internal sealed partial class DocumentTools(DocumentOptions options, SandboxProbe probe, ILogger<DocumentTools> log) : BackgroundService
{
    private static readonly (string Program, string Package, string For)[] Programs =
    [
        ("pdftotext", "poppler-utils", "PDF"),
        ("pdftoppm", "poppler-utils", "scanned PDF"),
        ("tesseract", "tesseract-ocr", "pictures and scanned PDF"),
        ("pandoc", "pandoc", "EPUB, ODT, RTF, RST, TeX and notebooks"),
        ("uchardet", "uchardet", "texts in old encodings"),
    ];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        ScratchFolder.RemoveForgotten();
        foreach (var (program, package, formats) in Programs)
            if (!IsInstalled(program)) ProgramMissing(log, program, formats, package);
        foreach (var language in options.OcrLanguages.Split('+'))
            if (IsInstalled("tesseract") && !HasLanguage(language)) LanguageMissing(log, language, TextRecognition.PackageOf(language));
        await probe.SandboxAsync();
    }

    private static bool IsInstalled(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Any(folder => File.Exists(Path.Combine(folder, program)));

    /// <summary>Where Debian and its kin put them; elsewhere nobody is warned in vain.</summary>
    private static bool HasLanguage(string language) =>
        !Directory.Exists("/usr/share/tesseract-ocr") || Directory.EnumerateFiles("/usr/share/tesseract-ocr", $"{language}.traineddata", SearchOption.AllDirectories).Any();

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Program} is missing, so {Formats} cannot be read. Install the package {Package}.")]
    private static partial void ProgramMissing(ILogger log, string program, string formats, string package);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Text in {Language} is not recognised in pictures. Install the package {Package}, or set Documents:OcrLanguages.")]
    private static partial void LanguageMissing(ILogger log, string language, string package);
}
