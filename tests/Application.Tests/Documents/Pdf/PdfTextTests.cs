using AiPlatform.Application.Knowledge.Extraction;
using AiPlatform.Infrastructure.Documents.Formats.Pdf;

namespace AiPlatform.Application.Tests.Documents.Pdf;

public sealed class PdfTextTests
{
    private static readonly string[] Prose = ["The committee met in the old town hall and spoke for a long time about", "the harbour, the library and the road that leads to both of them."];

    [Fact]
    public void Bold_lines_of_the_texts_size_are_headings_by_their_numbers()
    {
        var sheet = new Sheet().Block(50, 50, 20, false, "Statutes").Bold(50, 90, "1. Members").Bold(50, 110, "1.1 Joining").Block(50, 130, Prose).Bold(50, 170, "1.2 Leaving").Block(50, 190, Prose)
            .Bold(50, 230, "Dissolution").Block(50, 250, Prose);

        Headings(sheet).ShouldBe([(1, "Statutes"), (2, "1. Members"), (3, "1.1 Joining"), (3, "1.2 Leaving"), (2, "Dissolution")]);
    }

    [Fact]
    public void Bold_text_is_no_heading_in_a_sentence_nor_as_a_paragraph()
    {
        var sheet = new Sheet().Block(50, 100, Prose).Bold(50, 150, "All of this is important to everybody.", "It is printed bold, and is no heading.").Block(50, 200, Prose);
        sheet.Page.Blocks[0].Lines.Insert(1, new PdfLine("whatever the weather in the bay may be", 50, 112, 300, 12) { Size = 10, Bold = true });

        Headings(sheet).ShouldBeEmpty();
    }

    [Fact]
    public void Bold_tells_nothing_where_most_is_bold() => Headings(new Sheet().Bold(50, 100, Prose).Bold(50, 140, "Short").Block(50, 160, "Not bold at all.")).ShouldBeEmpty();

    [Fact]
    public void Heads_and_feet_are_said_once_and_page_numbers_never_also_on_every_second_page()
    {
        List<Sheet> sheets = [.. Enumerable.Range(1, 8).Select(n => new Sheet(n)
            .Block(n % 2 == 0 ? 50 : 400, 40, n % 2 == 0 ? "Yearbook 2024" : "Part Two")
            .Block(50, 100, $"What page {(char)('a' + n)} says.", "Nothing more than that.")
            .Block(n % 2 == 0 ? 50 : 500, 760, $"{n + 6} of 20"))];

        var text = string.Join('\n', Sheet.Read(sheets).Select(block => block.Text));

        text.Split("Yearbook 2024").Length.ShouldBe(2);
        text.Split("Part Two").Length.ShouldBe(2);
        text.ShouldNotContain("of 20");
        Enumerable.Range(1, 8).ShouldAllBe(n => text.Contains($"What page {(char)('a' + n)} says."));
    }

    [Fact]
    public void What_only_looks_like_a_running_head_stays()
    {
        List<Sheet> forms = [.. new[] { 1077, 1204, 1391, 1402 }.Select((number, i) => new Sheet(i + 1).Block(50, 40, $"Member {number}").Block(50, 100, "Pays her fee."))];
        Sheet.Read(forms).Count(block => block.Text.StartsWith("Member", StringComparison.Ordinal)).ShouldBe(4);

        List<Sheet> numbers = [.. Enumerable.Range(1, 5).Select(n => new Sheet(n).Block(50, 40, $"This is page {n}."))];
        Sheet.Read(numbers).Count.ShouldBe(5);
    }

    [Theory]
    [InlineData("Chapter", 20, false)]
    [InlineData("Chapter", 10, true)]
    [InlineData("Question", 10, false)]
    [InlineData("Invoice No", 8, false)]
    [InlineData("§", 10, false)]
    public void Titles_that_differ_by_a_number_stay_on_each_page(string word, double size, bool bold)
    {
        List<Sheet> sheets = [.. Enumerable.Range(1, 6).Select(n => new Sheet(n).Block(50, 40, size, bold, $"{word} {n}").Block(50, 100, Prose).Block(300, 760, $"{n}"))];

        Sheet.Read(sheets).Where(block => block.Text != string.Join(' ', Prose)).Select(block => block.Text).ShouldBe(Enumerable.Range(1, 6).Select(n => $"{word} {n}"));
    }

    [Theory]
    [InlineData("Annual report 2024 - page 1", "Annual report 2024 - page 2", "Annual report 2024 - page 3", 1)]
    [InlineData("Annual report | 7", "Annual report | 8", "Annual report | 9", 1)]
    [InlineData("Seite 1 von 3", "Seite 2 von 3", "Seite 3 von 3", 0)]
    [InlineData("3/9", "4/9", "5/9", 0)]
    [InlineData("xi", "xii", "xiii", 0)]
    public void A_head_that_says_it_has_the_pages_number_goes(string one, string two, string three, int left)
    {
        string[] heads = [one, two, three];
        List<Sheet> sheets = [.. heads.Select((head, i) => new Sheet(i + 1).Block(50, 40, head).Block(50, 100, Prose))];

        Sheet.Read(sheets).Where(block => block.Text != string.Join(' ', Prose)).Select(block => block.Text).ShouldBe(heads.Take(left));
    }

    [Fact]
    public void What_an_invoice_says_on_both_its_pages_is_kept_once()
    {
        List<Sheet> sheets = [.. Enumerable.Range(1, 2).Select(n => new Sheet(n).Block(50, 40, "Boat House Ltd").Block(400, 40, "Invoice 4711").Block(50, 100, $"What page {(char)('a' + n)} says.").Block(50, 760, "VAT GB 999"))];

        Sheet.Read(sheets).Select(block => block.Text).ShouldBe(["Boat House Ltd", "Invoice 4711", "What page b says.", "VAT GB 999", "What page c says."]);
    }

    [Fact]
    public void A_slides_title_comes_again_after_another()
    {
        string[] titles = ["Plans", "Results", "Plans", "Plans", "Results", "Plans"];
        List<Sheet> sheets = [.. titles.Select((title, i) => new Sheet(i + 1).Block(50, 40, 20, false, title).Block(50, 100, Prose))];

        Headings(sheets).ShouldBe(["Plans", "Results", "Plans", "Results", "Plans"]);
    }

    [Fact]
    public void A_broken_word_is_joined_and_one_with_a_hyphen_of_its_own_keeps_it() =>
        new Sheet().Block(50, 100, "A self-service shop has an opportu-", "nity to sell, and of course it has a self-", "service counter.").Read().ShouldHaveSingleItem().Text
            .ShouldBe("A self-service shop has an opportunity to sell, and of course it has a self-service counter.");

    [Fact]
    public void A_word_broken_at_the_end_of_a_column_is_joined() =>
        new Sheet().Block(50, 100, "The harbour office opens at nine o'clock and", "closes, as all of them do on working days, punctu-").Block(320, 60, "ally at six, except for holidays, when it stays", "closed for the whole of the day and the night.")
            .Read().ShouldHaveSingleItem().Text.ShouldContain("punctually at six");

    [Fact]
    public void Text_along_the_side_does_not_tear_the_order()
    {
        var sheet = new Sheet().Block(50, 100, Prose[0]);
        sheet.Page.Blocks[0].Lines.Add(new PdfLine("Archive copy", 20, 100, 32, 60) { Upright = true });
        sheet.Block(50, 112, Prose[1]);

        sheet.Read().Select(block => block.Text).ShouldBe([string.Join(' ', Prose), "Archive copy"]);
    }

    [Fact]
    public void Explanations_follow_their_terms() =>
        new Sheet().Block(50, 100, "Fine").Block(50, 124, "Fee").Block(80, 112, "What is paid late.").Block(80, 136, "What is paid on time.").Read().Select(block => block.Text)
            .ShouldBe(["Fine", "What is paid late.", "Fee", "What is paid on time."]);

    private static IEnumerable<string> Headings(List<Sheet> sheets) => Sheet.Read(sheets).Where(block => block.Kind is BlockKind.Heading).Select(block => block.Text);

    private static IEnumerable<(int, string)> Headings(Sheet sheet) => sheet.Read().Where(block => block.Kind is BlockKind.Heading).Select(block => (block.Level, block.Text));
}
