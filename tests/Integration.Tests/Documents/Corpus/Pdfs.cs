using System.Globalization;
using System.Text;
using AiPlatform.Application.Knowledge.Extraction;
using AiPlatform.Integration.Tests.Documents.Making;

namespace AiPlatform.Integration.Tests.Documents.Corpus;

internal static class Pdfs
{
    private static readonly string[] Left = ["The left column tells about the", "opening of the library and its his-", "tory, which began in a small town"];
    private static readonly string[] Right = ["The right column tells about the", "closing of the harbour, which was", "due to the storm that came in"];

    private static readonly string[] Chapters = ["Tides", "Winds", "Lights", "Pilots"];

    public static IEnumerable<CorpusFile> Files =>
    [
        CorpusFile.Reads("three-pages.pdf", () => PdfMaker.Of("First page here.", "Second page there.", "Third and last."), "pdf", text =>
        {
            text.Pages.Select(page => page.Number).ShouldBe([1, 2, 3]);
            text.Blocks.Single(placed => placed.Block.Text.Contains("Second page", StringComparison.Ordinal)).Page.ShouldBe(2);
        }),
        CorpusFile.Reads("two-columns.pdf", TwoColumns, "pdf", text =>
        {
            text.Blocks[0].Block.ShouldBe(new ExtractedBlock(BlockKind.Heading, "Annual Report", 1));
            text.Text.ShouldContain("library and its history, which began in a small town");
            text.Text.IndexOf("small town", StringComparison.Ordinal).ShouldBeLessThan(text.Text.IndexOf("right column", StringComparison.Ordinal));
        }),
        CorpusFile.Reads("table.pdf", Table, "pdf", "Name: Ada | Born: 1815 | Town: London", "Name: Grace | Born: 1906 | Town: New York"),
        CorpusFile.Reads("book.pdf", Book, "pdf", text =>
        {
            text.Text.Split("Harbour Manual").Length.ShouldBe(2);
            text.Text.ShouldNotContain(" of 9");
            text.Blocks.Where(placed => placed.Block.Kind == BlockKind.Heading).Select(placed => (placed.Block.Text, placed.Block.Level)).ShouldBe(
                Chapters.SelectMany((chapter, i) => new (string, int)[] { ($"{i + 1}. {chapter}", 1), ($"{i + 1}.1 Times", 2) }));
            text.Blocks.Where(placed => placed.Page == 1 && placed.Block.Kind is BlockKind.TableHeader or BlockKind.TableRow).Take(3).Select(placed => placed.Block.Text).ShouldBe(
                ["Day | Tide", "Day: Monday, which is a holiday | Tide: High at six, and once more at noon", "Day: Tuesday | Tide: Low at one"]);
            text.Text.ShouldContain("as is known [12] of water");
        }),
        CorpusFile.Reads("list.pdf", () => PdfMaker.Of("Bring with you:\n- a card with your name\n- the books that you have borrowed"), "pdf", text =>
            text.Blocks.Count(placed => placed.Block.Kind == BlockKind.ListItem).ShouldBe(2)),
        CorpusFile.Reads("ten-thousand-pages.pdf", () => PdfMaker.Of([.. Enumerable.Range(1, 10_000).Select(n => $"This is page {n}.")]), "pdf", text =>
        {
            text.Pages.Count.ShouldBe(10_000);
            text.Blocks.Single(placed => placed.Block.Text == "This is page 9876.").Page.ShouldBe(9876);
        }),
        CorpusFile.Reads("scan.pdf", () => new PdfMaker().Scan(Pictures.Grey()).Write(), "pdf", Pictures.Sentence),
        CorpusFile.Reads("partly-scanned.pdf", () => new PdfMaker().Page((72, 700, 11, "A page with a text layer of its own.")).Scan(Pictures.Grey()).Page((72, 700, 11, "And a last one.")).Write(), "pdf", text =>
        {
            text.Blocks.Single(placed => placed.Block.Text.Contains("harbour office", StringComparison.Ordinal)).Page.ShouldBe(2);
            text.Blocks[^1].Page.ShouldBe(3);
            text.Text.ShouldContain("text layer of its own");
        }),
        CorpusFile.Reads("blank-page.pdf", () => new PdfMaker().Page((72, 700, 11, "Before the blank page.")).Page("", []).Page((72, 700, 11, "After the blank page.")).Write(), "pdf", text =>
            text.Blocks[^1].Page.ShouldBe(3)),
        CorpusFile.Reads("broken-xref.pdf", () => Replace(PdfMaker.Of("The table of objects is wrong."), "startxref\n", "startxref\n99"), "pdf", "table of objects"),
        CorpusFile.Reads("garbage-before.pdf", () => [.. "HTTP/1.1 200 OK\r\n\r\n"u8, .. PdfMaker.Of("Some bytes stand before it.")], "pdf", "Some bytes"),
        CorpusFile.Reads("a-pdf-called.docx", () => PdfMaker.Of("The name is wrong."), "pdf", "The name is wrong."),
        CorpusFile.Refuses("encrypted.pdf", Encrypted, Refusal.InvalidFile, "protected by a password"),
        CorpusFile.Refuses("cut-off.pdf", () => PdfMaker.Of("It ends in its midst.")[..300], Refusal.InvalidFile, "damaged"),
        CorpusFile.Refuses("header-only.pdf", () => "%PDF-1.7\n"u8.ToArray(), Refusal.InvalidFile, "damaged"),
        CorpusFile.Refuses("nothing.pdf", () => new PdfMaker().Page("", []).Write(), Refusal.InvalidFile, "No text"),
        CorpusFile.Refuses("pages-in-a-circle.pdf", () => new PdfMaker().Write("<< /Type /Pages /Count 1000000 /Kids [2 0 R 2 0 R 2 0 R] >>"), Refusal.InvalidFile, "PDF"),
        CorpusFile.Refuses("million-pages.pdf", () => new PdfMaker().Page((72, 700, 11, "One.")).Write("<< /Type /Pages /Count 1000000 /Kids [4 0 R] >>"), Refusal.InvalidFile, "PDF"),
        CorpusFile.Refuses("flate-bomb.pdf", () => new PdfMaker().Page("", Texts.Filled(300 << 20, (byte)' '), deflate: true).Write(), Refusal.InvalidFile, "."),
        CorpusFile.Refuses("picture-flood.pdf", () => new PdfMaker().Scan((1, 1, Texts.Filled(200 << 20, 0)), 60_000, 60_000).Write(), Refusal.InvalidFile, "."),
        CorpusFile.Refuses("form-loop.pdf", FormLoop, Refusal.InvalidFile, "No text"),
    ];

    private static byte[] TwoColumns() => new PdfMaker().Page(
    [
        (72, 780, 24, "Annual Report"), .. Left.Select((line, i) => (72.0, 740 - 14.0 * i, 11.0, line)), .. Right.Select((line, i) => (320.0, 740 - 14.0 * i, 11.0, line)),
    ]).Write();

    private static byte[] Table()
    {
        string[][] rows = [["Name", "Born", "Town"], ["Ada", "1815", "London"], ["Grace", "1906", "New York"], ["Alan", "1912", "London"]];
        return new PdfMaker().Page([(72, 780, 11, "A table follows here in the text."), .. rows.SelectMany((row, y) => row.Select((cell, x) => (72 + 150.0 * x, 740 - 16.0 * y, 11.0, cell)))]).Write();
    }

    /// <summary>Chapters of a page, with heads, feet and numbers, bold headings of the text's size, and a table within lines.</summary>
    private static byte[] Book()
    {
        var pdf = new PdfMaker();
        var (plain, bold) = (pdf.Font("Helvetica"), pdf.Font("Helvetica-Bold"));
        for (var n = 1; n <= Chapters.Length; n++)
        {
            var page = new StringBuilder();
            void Say(double x, double y, string text, string font = "P", double size = 11) => page.Append(CultureInfo.InvariantCulture, $"BT /{font} {size} Tf 1 0 0 1 {x} {y} Tm ({text}) Tj ET\n");

            Say(n % 2 == 0 ? 72 : 420, 800, "Harbour Manual", size: 9);
            Say(72, 740, $"{n}. {Chapters[n - 1]}", "B");
            Say(72, 720, "Nobody who goes to sea can do without them. They come twice a day,");
            Say(72, 707, "as is known");
            Say(129.8, 711, "12", size: 7);
            Say(142, 707, "of water in all bays, also in those that are far from the open sea.");
            Say(72, 680, $"{n}.1 Times", "B");
            page.Append("0.5 w 66 664 m 400 664 l S 66 648 m 400 648 l S 66 620 m 400 620 l S 66 604 m 400 604 l S 66 604 m 66 664 l S 200 604 m 200 664 l S 400 604 m 400 664 l S\n");
            string[][] rows = [["Day", "Tide"], ["Monday, which", "High at six, and"], ["is a holiday", "once more at noon"], ["Tuesday", "Low at one"]];
            double[] heights = [652, 636, 624, 608];
            for (var row = 0; row < rows.Length; row++)
            {
                Say(72, heights[row], rows[row][0], row == 0 ? "B" : "P");
                Say(206, heights[row], rows[row][1], row == 0 ? "B" : "P");
            }

            Say(n % 2 == 0 ? 72 : 480, 40, $"{n + 2} of 9", size: 9);
            pdf.Page($"/Font << /P {plain} 0 R /B {bold} 0 R >>", Encoding.Latin1.GetBytes(page.ToString()));
        }

        return pdf.Write();
    }

    /// <summary>Says that it is encrypted, with keys that no empty password opens.</summary>
    private static byte[] Encrypted()
    {
        var pdf = new PdfMaker().Page((72, 700, 11, "Secret."));
        var key = string.Concat(Enumerable.Repeat("5A", 32));
        var encryption = pdf.Add($"<< /Filter /Standard /V 1 /R 2 /O <{key}> /U <{key}> /P -4 >>");
        pdf.Trailer = $"/Encrypt {encryption} 0 R /ID [<00> <00>]";
        return pdf.Write();
    }

    /// <summary>A drawing that draws itself.</summary>
    private static byte[] FormLoop()
    {
        var pdf = new PdfMaker();
        var form = pdf.AddStream("/Type /XObject /Subtype /Form /BBox [0 0 500 500] /Resources << /XObject << /X 4 0 R >> >>", "/X Do /X Do /X Do"u8.ToArray());
        return pdf.Page($"/XObject << /X {form} 0 R >>", "/X Do"u8.ToArray()).Write();
    }

    private static byte[] Replace(byte[] file, string what, string with) => Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(file).Replace(what, with, StringComparison.Ordinal));
}
