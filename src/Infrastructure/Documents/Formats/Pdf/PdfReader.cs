using System.Diagnostics;
using AiPlatform.Infrastructure.Documents.Child;
using AiPlatform.Infrastructure.Documents.Formats.Images;
using AiPlatform.Infrastructure.Documents.Parsing;

namespace AiPlatform.Infrastructure.Documents.Formats.Pdf;

/// <summary>PDF: the text that it has, page by page; pages that are pictures are read as such.</summary>
internal sealed class PdfReader
{
    /// <summary>What stands on a scanned page besides its picture: a number, a stamp.</summary>
    private const int FewLetters = 12;

    /// <summary>For the lines of tables: drawings that take longer are not worth it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan PatienceForAll = TimeSpan.FromSeconds(30);

    private readonly SourceFile _file;
    private readonly Stopwatch _drawing = new();

    private PdfReader(SourceFile file) => _file = file;

    public static void Read(SourceFile file, ParseOrder order, DocumentWriter to)
    {
        to.SetTitle(PdfDocument.Open(file, to.Limits));
        var pages = PdfLayout.Read(file, to.Limits);
        var scans = PdfScans.Find(file, pages, FewLetters);
        if (scans.Count > to.Limits.MaxOcrPages)
            throw Refuse.TooLarge("PDF", FormattableString.Invariant($"has {scans.Count:N0} scanned pages, and text is recognised on {to.Limits.MaxOcrPages:N0} at most"));
        pages.ForEach(PdfOrder.Mend);
        PdfFonts.Apply(file, pages);
        PdfMargins.Remove(pages, PdfStyles.Of(pages));
        var (reader, words, recognition) = (new PdfReader(file), PdfCompounds.Of(pages), new TextRecognition(order));
        var text = new PdfText(to, PdfStyles.Of(pages), words);
        foreach (var page in pages)
        {
            to.NextPage();
            if (scans.Contains(page.Number) && PdfScans.Render(file, page, to.Limits) is { } picture && recognition.Write(picture, to)) continue;
            text.Write(page, PdfTables.Find(page, () => reader.RulesOf(page), words.Join));
        }
    }

    private PdfRules RulesOf(PdfPage page)
    {
        if (_drawing.Elapsed > PatienceForAll) return PdfRules.None;
        _drawing.Start();
        var rules = PdfRules.Read(_file, page, Patience);
        _drawing.Stop();
        return rules;
    }
}
