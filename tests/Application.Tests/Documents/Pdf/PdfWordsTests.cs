using AiPlatform.Infrastructure.Documents.Formats.Pdf;

namespace AiPlatform.Application.Tests.Documents.Pdf;

public sealed class PdfWordsTests
{
    [Theory]
    [InlineData("known", "12", "known [12]")]
    [InlineData("m", "2", "m²")]
    [InlineData("10", "6", "10⁶")]
    [InlineData("1", "st", "1st")]
    public void A_raised_number_does_not_become_one_with_its_word(string word, string raised, string text) =>
        Line(Word(word, 0), new PdfWord(raised, word.Length * 5, -3, word.Length * 5 + 5, 7)).ShouldBe(text);

    [Fact]
    public void A_lowered_number_is_part_of_its_word() =>
        Line(Word("H", 0), new PdfWord("2", 5, 4, 9, 14), Word("O", 9)).ShouldBe("H2O");

    [Fact]
    public void Parts_of_a_word_without_a_space_between_them_are_one_word() => Line(Word("ev", 0), Word("ening", 10.5)).ShouldBe("evening");

    [Theory]
    [InlineData("e\uFB03cient", "efficient")]
    [InlineData("con\u00ADtra\u00ADdict", "contradict")]
    [InlineData("\uFEE1\uFEFC\uFEB3", "سلام")]
    [InlineData("\uFBFD\uFEB3\uFEAD\uFE8E\uFB58", "پارسی")]
    public void Ligatures_and_soft_hyphens_become_plain_letters(string word, string text) => Line(Word(word, 0)).ShouldBe(text);

    [Fact]
    public void A_wide_gap_may_be_one_between_columns()
    {
        var pieces = PdfWords.Pieces([Word("Total", 0), Word("of", 28), Word("all", 41), Word("7.50", 66)]);

        pieces.Select(piece => (piece.Text, piece.Continues)).ShouldBe([("Total of all", false), ("7.50", true)]);
    }

    [Fact]
    public void Equal_gaps_are_spaces_however_wide() => Line(Word("All", 0), Word("of", 22), Word("them", 39), Word("are", 66)).ShouldBe("All of them are");

    [Fact]
    public void Right_to_left_text_comes_in_the_order_of_reading_with_its_numbers_and_foreign_words_as_they_are()
    {
        RightToLeft.Logical("PDF (18 העשב) החותפ").ShouldBe("פתוחה (בשעה 18) PDF");
        RightToLeft.Logical("Reader PDF (18 העשב) החותפ הירפסה").ShouldBe("הספריה פתוחה (בשעה 18) Reader PDF");
        RightToLeft.Logical("A4 (one) B5 הזה ךמסמה").ShouldBe("המסמך הזה A4 (one) B5");
        RightToLeft.Logical("the word םולש is peace").ShouldBe("the word שלום is peace");
        RightToLeft.Logical("plain text").ShouldBe("plain text");
    }

    private static string Line(params PdfWord[] words) => PdfWords.Pieces(words).ShouldHaveSingleItem().Text;

    private static PdfWord Word(string text, double left) => new(text, left, 0, left + text.Length * 5, 12);
}
