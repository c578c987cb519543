using System.Globalization;
using AiPlatform.Infrastructure.Documents.Child;
using AiPlatform.Infrastructure.Documents.Parsing;

namespace AiPlatform.Infrastructure.Documents.Formats.Pdf;

/// <summary>
/// The straight lines and the edges of shaded areas on a page, found in a small picture of it: long runs of points, each lighter or darker than that beside it.
/// </summary>
internal sealed class PdfRules
{
    public static readonly PdfRules None = new([], []);

    /// <summary>So many points to each inch are one to a point of the page.</summary>
    private const int Resolution = 72;
    private const int MostPixels = 4_000_000;
    private const int Contrast = 10;

    /// <summary>Longer than the strokes of letters.</summary>
    private const int Shortest = 16;
    private const int MostRuns = 50_000;

    /// <summary>How wide a line may be that crosses another.</summary>
    private const int MostCrossing = 3;

    private readonly Dictionary<int, List<(double From, double To)>> _across;
    private readonly Dictionary<int, List<(double From, double To)>> _down;

    private PdfRules(Dictionary<int, List<(double From, double To)>> across, Dictionary<int, List<(double From, double To)>> down) => (_across, _down) = (across, down);

    /// <summary>Runs for a test, each as its place and its two ends.</summary>
    internal static PdfRules Of(IEnumerable<(int Y, double From, double To)> across, IEnumerable<(int X, double From, double To)> down) =>
        new(across.GroupBy(run => run.Y).ToDictionary(at => at.Key, at => at.Select(run => (run.From, run.To)).ToList()),
            down.GroupBy(run => run.X).ToDictionary(at => at.Key, at => at.Select(run => (run.From, run.To)).ToList()));

    public static PdfRules Read(SourceFile file, PdfPage page, TimeSpan patience)
    {
        var area = Math.Max(1, page.Width) * Math.Max(1, page.Height);
        var resolution = Math.Min(Resolution, (int)(Resolution * Math.Sqrt(MostPixels / area)));
        if (resolution < Resolution / 2) return None;
        var number = page.Number.ToString(CultureInfo.InvariantCulture);
        var target = Path.Combine(file.Scratch, "rules");
        var outcome = Tool.Run("pdftoppm", PdfDocument.Package,
            ["-f", number, "-l", number, "-r", resolution.ToString(CultureInfo.InvariantCulture), "-gray", "-singlefile", file.Path, target], patience);
        if (outcome.ExitCode != 0 || !File.Exists(target + ".pgm")) return None;
        var picture = File.ReadAllBytes(target + ".pgm");
        File.Delete(target + ".pgm");
        return Of(picture, (double)Resolution / resolution);
    }

    /// <summary>From a grey picture ("P5 width height 255" and its points).</summary>
    internal static PdfRules Of(ReadOnlySpan<byte> picture, double pointsPerPixel)
    {
        var (numbers, at) = (new int[3], 2);
        if (!picture.StartsWith("P5"u8)) return None;
        for (var i = 0; i < 3; i++)
        {
            while (at < picture.Length && picture[at] is (byte)' ' or (byte)'\n') at++;
            for (; at < picture.Length && picture[at] is >= (byte)'0' and <= (byte)'9' && numbers[i] < MostPixels; at++) numbers[i] = numbers[i] * 10 + picture[at] - '0';
        }

        var (width, height) = (numbers[0], numbers[1]);
        if ((long)width * height > 2L * MostPixels || picture.Length - at - 1 < (long)width * height) return None;
        var points = picture[(at + 1)..];
        return new PdfRules(Runs(points, height, width, width, 1, pointsPerPixel), Runs(points, width, height, 1, width, pointsPerPixel));
    }

    /// <summary>Whether something is drawn from left to right between two heights, along so much of the way.</summary>
    public bool HasAcross(double top, double bottom, double left, double right, double share) => Has(_across, top, bottom, left, right, share);

    public bool HasDown(double left, double right, double top, double bottom, double share) => Has(_down, left, right, top, bottom, share);

    private static bool Has(Dictionary<int, List<(double From, double To)>> runs, double first, double last, double from, double to, double share)
    {
        for (var at = (int)Math.Floor(first); at <= last; at++)
            if (runs.TryGetValue(at, out var here) && here.Sum(run => Math.Max(0, Math.Min(run.To, to) - Math.Max(run.From, from))) >= share * (to - from)) return true;
        return false;
    }

    private static Dictionary<int, List<(double From, double To)>> Runs(ReadOnlySpan<byte> points, int rows, int length, int toNextRow, int toNextPoint, double scale)
    {
        var (runs, count) = (new Dictionary<int, List<(double From, double To)>>(), 0);
        for (var row = 1; row < rows && count < MostRuns; row++)
        {
            var (start, sign, dark, crossing) = (0, 0, 0, 0);
            for (var i = 0; i <= length; i++)
            {
                var (here, darker) = (0, byte.MaxValue);
                if (i < length)
                {
                    var at = row * toNextRow + i * toNextPoint;
                    var difference = points[at] - points[at - toNextRow];
                    here = Math.Abs(difference) >= Contrast ? Math.Sign(difference) : 0;
                    darker = Math.Min(points[at], points[at - toNextRow]);
                }

                if (here == sign)
                {
                    crossing = 0;
                    continue;
                }

                // Where it crosses another line, both sides are as dark as it is; between letters they are light.
                if (here == 0 && darker < dark + Contrast && crossing < MostCrossing)
                {
                    crossing++;
                    continue;
                }

                var end = i - crossing;
                if (sign != 0 && end - start >= Shortest)
                {
                    var place = (int)Math.Round(row * scale);
                    if (!runs.TryGetValue(place, out var found)) runs[place] = found = [];
                    found.Add((start * scale, end * scale));
                    count++;
                }

                (start, sign, dark, crossing) = (i, here, darker, 0);
            }
        }

        return runs;
    }
}
