using AiPlatform.Application.Chat.Answers;

namespace AiPlatform.Application.Tests.Chat.Answers;

public sealed class QuotableTextTests
{
    [Theory]
    [InlineData("The sky is blue.", "sky is blue", "sky is blue")]
    [InlineData("The sky is blue.", "The sky is blue.", "The sky is blue.")]
    [InlineData("The sky\n  is\tblue.", "sky is blue", "sky\n  is\tblue")]
    [InlineData("The sky is blue.", " the SKY  is\nBlue ", "The sky is blue")]
    [InlineData("He said “don’t”.", "said \"don't\"", "said “don’t”")]
    [InlineData("The sky is blue.", "\"sky is blue\"", "sky is blue")]
    [InlineData("The sky is blue.", "“sky is blue”", "sky is blue")]
    [InlineData("The sky is blue.", "sky is…", "sky is")]
    [InlineData("The sky is blue.", "... sky is ...", "sky is")]
    [InlineData("Ver\u00ADfas\u00ADsung gilt", "Verfassung gilt", "Ver\u00ADfas\u00ADsung gilt")]
    [InlineData("Art. start art end", "art end", "art end")]
    [InlineData("start, art", "art", "art")]
    [InlineData("天空是蓝色的。", "天空是蓝", "天空是蓝")]
    [InlineData("आसमान नीला है।", "नीला है", "नीला है")]
    [InlineData("It is 42 % of all", "42", "42")]
    [InlineData("🙂 smile 🙂", "smile 🙂", "smile 🙂")]
    public void A_quote_that_is_there_is_found_in_the_documents_own_letters(string text, string quote, string found)
    {
        var (start, end) = new QuotableText(text).Find(quote).ShouldNotBeNull();
        text[start..end].ShouldBe(found);
    }

    [Theory]
    [InlineData("The sky is blue.", "sky is green")]
    [InlineData("The sky is blue.", "sky blue")]
    [InlineData("The sky is blue.", "The sky is blue. And so is the sea.")]
    [InlineData("The sky is blue.", "sky is blue!")]
    [InlineData("The sky is blue.", "sky … blue")]
    [InlineData("The sky is blue.", "ky is blu")]
    [InlineData("The sky is blue.", "b")]
    [InlineData("The sky is blue.", "")]
    [InlineData("The sky is blue.", "...")]
    [InlineData("The sky is blue.", "\"")]
    [InlineData("", "sky")]
    [InlineData("It costs 1423 euros", "it costs 142")]
    [InlineData("नीला है", "नील")]
    public void A_quote_that_is_not_there_is_not_found(string text, string quote) => new QuotableText(text).Find(quote).ShouldBeNull();

    [Fact]
    public void The_first_place_that_is_no_part_of_a_word_counts() => new QuotableText("start the art of art").Find("art").ShouldBe((10, 13));
}
