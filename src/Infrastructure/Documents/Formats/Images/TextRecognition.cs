using System.Globalization;
using AiPlatform.Application.Knowledge.Extraction;
using AiPlatform.Infrastructure.Documents.Child;
using AiPlatform.Infrastructure.Documents.Parsing;

namespace AiPlatform.Infrastructure.Documents.Formats.Images;

/// <summary>Text of pictures, by tesseract.</summary>
internal sealed class TextRecognition(ParseOrder order)
{
    private const string Program = "tesseract";
    private const string Package = "tesseract-ocr";

    /// <summary>Words that are less certain are specks and lines.</summary>
    private const double LeastConfidence = 20;

    private string? _languages;

    /// <summary>Whether there was any text. A picture of several pages begins new ones by itself.</summary>
    public bool Write(string picture, DocumentWriter to)
    {
        var before = to.Characters;
        var (code, _) = Tool.Stream(Program, Package, [picture, "-", "-l", _languages ??= Languages(), "tsv"], table => Write(table, to));
        if (code == Tool.OutOfTime) throw Refuse.TooLarge("picture", "needs too much time to recognise its text");
        if (code != 0) throw Refuse.Damaged("picture");
        return to.Characters > before;
    }

    /// <summary>Those that are asked for, and installed.</summary>
    private string Languages()
    {
        var installed = Tool.Run(Program, Package, ["--list-langs"]).Output.Split('\n', StringSplitOptions.TrimEntries).ToHashSet();
        var wanted = order.OcrLanguages.Split('+');
        var usable = wanted.Where(installed.Contains).ToList();
        if (usable.Count > 0) return string.Join('+', usable);
        throw new ParserUnavailable($"The server cannot recognise text in {order.OcrLanguages}. Its operator can install the packages {string.Join(", ", wanted.Select(PackageOf))}.");
    }

    public static string PackageOf(string language) => $"tesseract-ocr-{language.ToLowerInvariant().Replace('_', '-')}";

    private static void Write(StreamReader table, DocumentWriter to)
    {
        var (page, paragraph, line) = (1, "", "");
        var lines = new List<string>();

        while (table.ReadLine() is { } row)
        {
            // level page block paragraph line word left top width height confidence text
            var cells = row.Split('\t', 12);
            if (cells.Length < 12 || cells[0] != "5" || string.IsNullOrWhiteSpace(cells[11])) continue;
            if (!double.TryParse(cells[10], NumberStyles.Float, CultureInfo.InvariantCulture, out var confidence) || confidence < LeastConfidence) continue;
            var (itsParagraph, itsLine) = ($"{cells[1]}.{cells[2]}.{cells[3]}", $"{cells[2]}.{cells[3]}.{cells[4]}");
            if (itsParagraph != paragraph) EndParagraph();
            for (var itsPage = int.Parse(cells[1], NumberStyles.None, CultureInfo.InvariantCulture); page < itsPage; page++) to.NextPage();
            if (itsLine == line && lines.Count > 0) lines[^1] += " " + cells[11].Trim();
            else lines.Add(cells[11].Trim());
            (paragraph, line) = (itsParagraph, itsLine);
        }

        EndParagraph();

        void EndParagraph()
        {
            to.Paragraph(Lines.Join(lines));
            lines.Clear();
            line = "";
        }
    }
}
