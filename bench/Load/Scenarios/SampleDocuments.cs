using System.Globalization;
using System.Text;

namespace AiPlatform.Bench.Scenarios;

/// <summary>A document to upload, and how many characters of text are in it.</summary>
internal sealed record SampleDocument(string Name, byte[] Content, int Characters);

/// <summary>Texts and PDFs of invented prose, the same in every run and no two alike.</summary>
internal static class SampleDocuments
{
    private const int SentencesPerParagraph = 6;
    private const int ParagraphsPerText = 8;
    private const int PagesPerPdf = 12;
    private const int LinesPerPage = 45;

    private static readonly string[] Words =
    [
        "harbour", "morning", "engine", "letter", "garden", "measure", "window", "river", "engineer", "council", "winter", "signal", "archive", "bridge", "carries",
        "explains", "follows", "records", "keeps", "returns", "quiet", "narrow", "early", "careful", "public", "the", "of", "and", "to", "in", "with", "before", "after", "between",
    ];

    public static IReadOnlyList<SampleDocument> Texts(int count) => [.. Enumerable.Range(0, count).Select(Text)];

    public static IReadOnlyList<SampleDocument> Pdfs(int count) => [.. Enumerable.Range(0, count).Select(Pdf)];

    private static SampleDocument Text(int seed)
    {
        var random = new Random(seed);
        var text = new StringBuilder($"# Report {seed}\n\n");
        for (var paragraph = 0; paragraph < ParagraphsPerText; paragraph++)
        {
            for (var sentence = 0; sentence < SentencesPerParagraph; sentence++) text.Append(Sentence(random)).Append(' ');
            text.Append("\n\n");
        }

        return new SampleDocument($"report-{seed}.md", Encoding.UTF8.GetBytes(text.ToString()), text.Length);
    }

    private static SampleDocument Pdf(int seed)
    {
        var random = new Random(1_000_000 + seed);
        var pages = Enumerable.Range(0, PagesPerPdf).Select(_ => Enumerable.Range(0, LinesPerPage).Select(_ => Sentence(random)).ToList()).ToList();
        return new SampleDocument($"paper-{seed}.pdf", PdfOf(pages), pages.Sum(page => page.Sum(line => line.Length + 1)));
    }

    private static string Sentence(Random random)
    {
        var words = Enumerable.Range(0, random.Next(8, 15)).Select(_ => Words[random.Next(Words.Length)]).ToList();
        return $"{char.ToUpperInvariant(words[0][0])}{words[0][1..]} {string.Join(' ', words.Skip(1))} {random.Next(10_000)}.";
    }

    /// <summary>The least that is a PDF with text: PDF 32000-1, 7.5 (file structure) and 9.4 (text objects).</summary>
    private static byte[] PdfOf(List<List<string>> pages)
    {
        var objects = new List<string> { "<</Type/Catalog/Pages 2 0 R>>", "", "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>" };
        var kids = new StringBuilder();
        foreach (var page in pages)
        {
            var stream = $"BT /F1 10 Tf 50 800 Td 14 TL\n{string.Concat(page.Select(line => $"({line}) Tj T*\n"))}ET";
            kids.Append(CultureInfo.InvariantCulture, $"{objects.Count + 1} 0 R ");
            objects.Add($"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 3 0 R>>>>/Contents {objects.Count + 2} 0 R>>");
            objects.Add($"<</Length {stream.Length}>>\nstream\n{stream}\nendstream");
        }

        objects[1] = $"<</Type/Pages/Count {pages.Count}/Kids[{kids}]>>";
        var pdf = new StringBuilder("%PDF-1.4\n");
        var offsets = new List<int>();
        foreach (var (number, content) in objects.Index())
        {
            offsets.Add(pdf.Length);
            pdf.Append(CultureInfo.InvariantCulture, $"{number + 1} 0 obj\n{content}\nendobj\n");
        }

        var table = pdf.Length;
        pdf.Append(CultureInfo.InvariantCulture, $"xref\n0 {objects.Count + 1}\n0000000000 65535 f \n");
        foreach (var offset in offsets) pdf.Append(CultureInfo.InvariantCulture, $"{offset:D10} 00000 n \n");
        pdf.Append(CultureInfo.InvariantCulture, $"trailer\n<</Size {objects.Count + 1}/Root 1 0 R>>\nstartxref\n{table}\n%%EOF\n");
        return Encoding.ASCII.GetBytes(pdf.ToString());
    }
}
