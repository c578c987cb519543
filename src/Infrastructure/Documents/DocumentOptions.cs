using Microsoft.Extensions.Configuration;

namespace AiPlatform.Infrastructure.Documents;

/// <summary>How much a document may cost before it is refused, under <c>Documents</c>.</summary>
public sealed class DocumentOptions
{
    public const string Section = "Documents";

    /// <summary>How many documents a process reads at once; others wait.</summary>
    public int Parsers { get; set; } = 2;

    /// <summary>Memory of a parser, and of each tool that it starts.</summary>
    public int MemoryMb { get; set; } = 1024;

    /// <summary>Processor time of a parser, and of each tool that it starts.</summary>
    public int CpuSeconds { get; set; } = 120;

    /// <summary>From the first byte to the last page, text recognition included.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>The largest file that a parser may write into its scratch folder, where the document itself lies as well.</summary>
    public int ScratchMb { get; set; } = 1024;

    /// <summary>The most text that a document may have.</summary>
    public int MaxCharacters { get; set; } = 20_000_000;

    public int MaxPages { get; set; } = 20_000;

    /// <summary>The most pages without text of their own, which are recognised.</summary>
    public int MaxOcrPages { get; set; } = 500;

    /// <summary>The largest picture whose text is recognised, in millions of pixels.</summary>
    public int MaxMegapixels { get; set; } = 60;

    /// <summary>Languages of text recognition as tesseract calls them, joined by <c>+</c>.</summary>
    public string OcrLanguages { get; set; } = "eng+hin";

    /// <summary>The program that is started with the argument <c>parse</c>. Default: the one that runs.</summary>
    public string? ParserPath { get; set; }

    public static DocumentOptions Read(IConfiguration configuration)
    {
        var options = configuration.Read<DocumentOptions>(Section);
        options.Validate();
        return options;
    }

    private void Validate()
    {
        Require(Parsers is >= 1 and <= 64, nameof(Parsers), "a number from 1 to 64");
        Require(MemoryMb is >= 256 and <= 1024 * 1024, nameof(MemoryMb), "a number of megabytes, 256 or more");
        Require(CpuSeconds is >= 1 and <= 86_400, nameof(CpuSeconds), "a number of seconds from 1 to 86400");
        Require(Timeout > TimeSpan.Zero && Timeout <= TimeSpan.FromDays(1), nameof(Timeout), "a duration such as 00:10:00, a day at most");
        Require(ScratchMb is >= 16 and <= 1024 * 1024, nameof(ScratchMb), "a number of megabytes, 16 or more");
        Require(MaxCharacters is >= 1000 and <= 200_000_000, nameof(MaxCharacters), "a number from 1000 to 200000000");
        Require(MaxPages is >= 1 and <= 1_000_000, nameof(MaxPages), "a number from 1 to 1000000");
        Require(MaxOcrPages is >= 0 and <= 100_000, nameof(MaxOcrPages), "a number from 0 to 100000");
        Require(MaxMegapixels is >= 1 and <= 1000, nameof(MaxMegapixels), "a number from 1 to 1000");
        Require(OcrLanguages.Split('+').All(IsLanguage), nameof(OcrLanguages), "names of tesseract's languages such as eng+hin");
        Require(ParserPath is null || File.Exists(ParserPath), nameof(ParserPath), "a file that exists, or nothing");
    }

    /// <summary>As the names of tesseract's language files go: a name must not lead anywhere else.</summary>
    private static bool IsLanguage(string name) => name.Length is > 1 and < 40 && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');

    private static void Require(bool holds, string key, string needed)
    {
        if (!holds) throw new ConfigurationError($"{Section}:{key} must be {needed}.");
    }
}
