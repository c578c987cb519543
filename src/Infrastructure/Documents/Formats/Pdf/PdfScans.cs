using System.Globalization;
using AiPlatform.Infrastructure.Documents.Child;
using AiPlatform.Infrastructure.Documents.Parsing;

namespace AiPlatform.Infrastructure.Documents.Formats.Pdf;

/// <summary>The pages of a PDF that are pictures of text.</summary>
internal static class PdfScans
{
    private const int Resolution = 300;
    private const int PointsPerInch = 72;

    /// <summary>Pages without text; of those with little, the ones that have a picture.</summary>
    public static HashSet<int> Find(SourceFile file, IReadOnlyList<PdfPage> pages, int fewLetters)
    {
        var scans = pages.Where(page => page.Letters == 0).Select(page => page.Number).ToHashSet();
        var doubtful = pages.Where(page => page.Letters > 0 && page.Letters <= fewLetters).Select(page => page.Number).ToHashSet();
        if (doubtful.Count > 0) scans.UnionWith(WithPictures(file).Where(doubtful.Contains));
        return scans;
    }

    /// <summary>The page as a grey picture; null when nothing is printed on it.</summary>
    public static string? Render(SourceFile file, PdfPage page, ParseLimits limits)
    {
        var area = Math.Max(1, page.Width) * Math.Max(1, page.Height) / (PointsPerInch * PointsPerInch);
        // A poster is rendered more coarsely, so that it takes no more memory than a page.
        var resolution = Math.Clamp((int)Math.Sqrt(Math.Min(limits.MaxMegapixels, 40) * 1e6 / area), 1, Resolution);
        var number = page.Number.ToString(CultureInfo.InvariantCulture);
        var target = Path.Combine(file.Scratch, "page");
        var outcome = Tool.Run("pdftoppm", PdfDocument.Package,
            ["-f", number, "-l", number, "-r", resolution.ToString(CultureInfo.InvariantCulture), "-gray", "-singlefile", file.Path, target]);
        var picture = target + ".pgm";
        if (outcome.ExitCode != 0 || !File.Exists(picture))
            throw Refuse.Invalid(FormattableString.Invariant($"Page {page.Number} of this PDF is a picture that cannot be shown within the limits. Export the PDF anew with smaller pictures."));
        return IsBlank(picture) ? null : picture;
    }

    private static IEnumerable<int> WithPictures(SourceFile file)
    {
        foreach (var line in Tool.Text("pdfimages", PdfDocument.Package, ["-list", file.Path]).Split('\n'))
            if (int.TryParse(line.Split(' ', 2, StringSplitOptions.RemoveEmptyEntries).FirstOrDefault(), NumberStyles.None, CultureInfo.InvariantCulture, out var page)) yield return page;
    }

    /// <summary>Nothing but paper: hardly a dot that is much darker than most.</summary>
    private static bool IsBlank(string picture)
    {
        using var content = File.OpenRead(picture);
        var buffer = new byte[1 << 16];
        long dark = 0;
        for (int read; (read = content.Read(buffer)) > 0;)
            foreach (var grey in buffer.AsSpan(0, read))
                if (grey < 128) dark++;
        return dark < 100;
    }
}
