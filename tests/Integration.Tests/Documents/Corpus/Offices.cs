using System.Text;
using AiPlatform.Application.Knowledge.Extraction;
using AiPlatform.Integration.Tests.Documents.Making;

namespace AiPlatform.Integration.Tests.Documents.Corpus;

internal static class Offices
{
    private const string Row = "Town: Uppsala | Founded: 1477 | Books: 5200";

    public static IEnumerable<CorpusFile> Files =>
    [
        CorpusFile.Reads("library.docx", () => Programs.Pandoc("docx"), "docx", text =>
        {
            text.Title.ShouldBe("The library");
            text.Blocks.ShouldContain(placed => placed.Block == new ExtractedBlock(BlockKind.Heading, "Opening hours", 1));
            text.Blocks.ShouldContain(placed => placed.Block == new ExtractedBlock(BlockKind.Heading, "Branches", 2));
            text.Blocks.ShouldContain(placed => placed.Block == new ExtractedBlock(BlockKind.TableHeader, "Town | Founded | Books", 0));
            text.Text.ShouldContain(Row);
            text.Text.ShouldContain("Harbour branch\nStation branch");
            text.Text.ShouldContain("ünïcödé and हिन्दी पाठ");
        }),
        CorpusFile.Reads("footnotes.docx", () => Programs.Pandoc("docx", "A claim.[^1]\n\n[^1]: The source of the claim."), "docx", text =>
            text.Blocks.ShouldContain(placed => placed.Block.Kind == BlockKind.Note && placed.Block.Text == "The source of the claim.")),
        CorpusFile.Reads("page-breaks.docx", PageBreaks, "docx", text => text.Blocks.Select(placed => (placed.Page, placed.Block.Text)).ShouldBe([(1, "One."), (2, "Two."), (3, "Three.")])),
        CorpusFile.Reads("changes.docx", () => OfficeMaker.Docx("<w:p><w:ins><w:r><w:t>kept </w:t></w:r></w:ins><w:del><w:r><w:delText>deleted</w:delText></w:r></w:del><w:r><w:instrText>PAGE</w:instrText><w:t>words</w:t></w:r></w:p>"), "docx", text =>
            text.Text.ShouldBe("kept words")),
        CorpusFile.Reads("slides.pptx", () => Programs.Pandoc("pptx", "# Opening hours\n\nThe library opens at nine.\n\n::: notes\nSay it slowly.\n:::\n\n# Branches\n\n- Harbour branch\n- Station branch\n"), "pptx", text =>
        {
            var slide = text.Pages.Single(page => page.Label == "Opening hours");
            slide.Blocks.ShouldContain(new ExtractedBlock(BlockKind.Note, "Say it slowly."));
            slide.Blocks.ShouldContain(block => block.Text == "The library opens at nine.");
            text.Pages.Single(page => page.Label == "Branches").Number.ShouldBe(slide.Number + 1);
        }),
        CorpusFile.Reads("sheets.xlsx", Workbook, "xlsx", text =>
        {
            text.Pages.Select(page => page.Label).ShouldBe(["People", "Sums"]);
            text.Pages[0].Blocks[0].ShouldBe(new ExtractedBlock(BlockKind.Paragraph, "List of people"));
            text.Pages[0].Blocks[1].ShouldBe(new ExtractedBlock(BlockKind.TableHeader, "Name | Born | Member"));
            text.Pages[0].Blocks[2].Text.ShouldBe("Name: Ada | Born: 1908-03-18 | Member: TRUE");
            text.Pages[1].Blocks[0].Text.ShouldBe("0.3 | 7");
        }),
        CorpusFile.Reads("library.odt", () => Programs.Pandoc("odt"), "odt", text =>
        {
            text.Blocks.ShouldContain(placed => placed.Block == new ExtractedBlock(BlockKind.Heading, "Opening hours", 1));
            text.Text.ShouldContain(Row);
        }),
        CorpusFile.Reads("library.epub", () => Programs.Pandoc("epub"), "epub", text =>
        {
            text.Title.ShouldBe("The library");
            text.Text.ShouldContain("opens at nine");
            text.Text.ShouldContain(Row);
        }),
        CorpusFile.Reads("chapters.epub", Chapters, "epub", text =>
            text.Blocks.Where(placed => placed.Block.Kind == BlockKind.Heading).Select(placed => placed.Block.Text).ShouldBe(["Harbour Manual", "1. Tides", "Ebb", "Winds & Waves", "Boats"])),
        CorpusFile.Reads("library.rtf", () => Programs.Pandoc("rtf"), "rtf", "Opening hours", "opens at nine", "Uppsala", "ünïcödé"),
        CorpusFile.Reads("library.rst", () => Programs.Pandoc("rst"), "rst", "Opening hours", Row),
        CorpusFile.Reads("library.tex", () => Programs.Pandoc("latex", "# Opening hours\n\nThe library opens at nine, says $a^2$."), "tex", "Opening hours", "opens at nine"),
        CorpusFile.Reads("library.ipynb", () => Programs.Pandoc("ipynb"), "ipynb", "Opening hours", "opens at nine"),
        CorpusFile.Refuses("encrypted.docx", () => [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, .. new byte[600], .. Encoding.Unicode.GetBytes("EncryptedPackage"), .. new byte[600]], Refusal.InvalidFile, "password"),
        CorpusFile.Refuses("old.doc", () => [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, .. new byte[600], .. Encoding.Unicode.GetBytes("WordDocument"), .. new byte[600]], Refusal.UnsupportedFile, ".docx"),
        CorpusFile.Refuses("cut-off.docx", () => Programs.Pandoc("docx")[..2000], Refusal.InvalidFile, "damaged"),
        CorpusFile.Refuses("garbage.docx", () => [.. Enumerable.Range(0, 5000).Select(i => (byte)(i * 7919 >> 3))], Refusal.InvalidFile, "damaged"),
        CorpusFile.Refuses("bad-xml.docx", () => OfficeMaker.Docx("<w:p><w:r><w:t>open"), Refusal.InvalidFile, "damaged"),
        CorpusFile.Refuses("empty.docx", () => OfficeMaker.Docx("<w:p/>"), Refusal.InvalidFile, "No text"),
        CorpusFile.Refuses("laughs.docx", Laughs, Refusal.InvalidFile, "damaged"),
        CorpusFile.Refuses("deep.docx", () => OfficeMaker.Docx(string.Concat(Enumerable.Repeat("<w:sdt>", 5000)) + string.Concat(Enumerable.Repeat("</w:sdt>", 5000))), Refusal.InvalidFile, "nested"),
        CorpusFile.Refuses("bomb.docx", () => ZipMaker.Bomb("word/document.xml", $"<w:document {OfficeMaker.Word}><w:body>", "<w:p/>          ", 400, OfficeMaker.ContentTypes), Refusal.InvalidFile, "unpacks to far more"),
        CorpusFile.Refuses("bomb.xlsx", () => ZipMaker.Bomb("xl/sharedStrings.xml", "<sst>", "<si><t>0000000000000000000000000000000000000000</t></si>", 400, OfficeMaker.ContentTypes, ("xl/workbook.xml", "<workbook/>")), Refusal.InvalidFile, "."),
        CorpusFile.Refuses("bomb.epub", () => ZipMaker.Bomb("OPS/chapter.xhtml", "<html>", "<p>aaaaaaaaaaaaaaaaaaaaaaaa</p>", 400, ("mimetype", "application/epub+zip")), Refusal.InvalidFile, "unpacks to far more"),
        CorpusFile.Refuses("many-parts.docx", () => ZipMaker.Of(Enumerable.Range(0, 30_000).Select(i => ($"word/{i}.xml", Array.Empty<byte>()))), Refusal.InvalidFile, "30000 parts"),
        CorpusFile.Reads("zip-slip.docx", () => OfficeMaker.Docx(OfficeMaker.Paragraph("Harmless words."), ("../../../../tmp/aiplatform-slipped", "slipped"), ("/etc/aiplatform-slipped", "slipped")), "docx", text =>
        {
            text.Text.ShouldBe("Harmless words.");
            File.Exists("/tmp/aiplatform-slipped").ShouldBeFalse();
        }),
        CorpusFile.Reads("nested-zip.docx", () => OfficeMaker.Docx(OfficeMaker.Paragraph("Words around."), ("word/embeddings/other.docx", "PK and so on")), "docx", "Words around."),
        CorpusFile.Refuses("plain.zip", () => ZipMaker.Of(("a.txt", "text")), Refusal.UnsupportedFile, "Unpack it"),
        CorpusFile.Refuses("zip-called.docx", () => ZipMaker.Of(("a.txt", "text")), Refusal.UnsupportedFile, "archive (ZIP)"),
        CorpusFile.Refuses("zip-in-zip.zip", () => ZipMaker.Of([("inner.zip", ZipMaker.Of(("a", "b")))]), Refusal.UnsupportedFile, "archive"),
    ];

    /// <summary>The author's break, which Word notes once more when it saves, and one of Word's own.</summary>
    private static byte[] PageBreaks() => OfficeMaker.Docx(
        "<w:p><w:r><w:t>One.</w:t></w:r></w:p><w:p><w:r><w:br w:type=\"page\"/></w:r></w:p>"
        + "<w:p><w:r><w:lastRenderedPageBreak/><w:t>Two.</w:t></w:r></w:p><w:p><w:r><w:lastRenderedPageBreak/><w:t>Three.</w:t></w:r></w:p>");

    private static byte[] Workbook() => OfficeMaker.Xlsx(
        ["Name", "Born", "Member", "Ada", "List of people"],
        ("People",
            "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>4</v></c></row><row r=\"3\"><c r=\"A3\" t=\"s\"><v>0</v></c><c r=\"B3\" t=\"s\"><v>1</v></c><c r=\"C3\" t=\"s\"><v>2</v></c></row>"
            + "<row r=\"4\"><c r=\"A4\" t=\"s\"><v>3</v></c><c r=\"B4\" s=\"1\"><v>3000</v></c><c r=\"C4\" t=\"b\"><v>1</v></c></row>"),
        ("Sums", "<row r=\"1\"><c r=\"A1\"><v>0.30000000000000004</v></c><c r=\"C1\" t=\"str\"><f>SUM(1,6)</f><v>7</v></c></row>"));

    private static byte[] Laughs()
    {
        var entities = string.Concat(Enumerable.Range(1, 9).Select(i => $"<!ENTITY l{i} \"{string.Concat(Enumerable.Repeat($"&l{i - 1};", 10))}\">"));
        return ZipMaker.Of(OfficeMaker.ContentTypes, ("word/document.xml", $"<!DOCTYPE d [<!ENTITY l0 \"ha\">{entities}]><w:document {OfficeMaker.Word}><w:body><w:p><w:r><w:t>&l9;</w:t></w:r></w:p></w:body></w:document>"));
    }

    /// <summary>Chapters with a heading, with a name in the table of contents only, with a picture as their heading.</summary>
    private static byte[] Chapters()
    {
        (string File, string Name, string Text)[] chapters =
            [("a", "Tides", "<h1>1. Tides</h1><p>They come.</p><h2>Ebb</h2><p>They go.</p>"), ("b", "Winds &amp; Waves", "<p>They blow.</p>"), ("c", "Boats", """<h1><img src="b.png" alt="Boats"/></h1><p>They sail.</p>""")];
        static string Each((string File, string Name, string Text)[] all, Func<(string File, string Name, string Text), string> say) => string.Concat(all.Select(say));
        return ZipMaker.Of(
        [
            ("mimetype", "application/epub+zip"),
            ("META-INF/container.xml", """<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile full-path="OPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>"""),
            ("OPS/book.opf", $"""<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="i"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:identifier id="i">x</dc:identifier><dc:title>Harbour Manual</dc:title></metadata><manifest><item id="nav" href="nav.xhtml" properties="nav" media-type="application/xhtml+xml"/>{Each(chapters, one => $"""<item id="{one.File}" href="{one.File}.xhtml" media-type="application/xhtml+xml"/>""")}</manifest><spine>{Each(chapters, one => $"""<itemref idref="{one.File}"/>""")}</spine></package>"""),
            ("OPS/nav.xhtml", $"""<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"><body><nav epub:type="toc"><ol>{Each(chapters, one => $"""<li><a href="{one.File}.xhtml">{one.Name}</a></li>""")}</ol></nav></body></html>"""),
            .. chapters.Select(one => ($"OPS/{one.File}.xhtml", $"""<html xmlns="http://www.w3.org/1999/xhtml"><head><title>x</title></head><body>{one.Text}</body></html>""")),
        ]);
    }
}
