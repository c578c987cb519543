using AiPlatform.Infrastructure.ModelProviders.Offline.Text;

namespace AiPlatform.Application.Tests.Inference.Offline;

public sealed class PassagesTests
{
    [Theory]
    [InlineData("One. Two! Three? Four", "One.|Two!|Three?|Four")]
    [InlineData("Dr. Smith met J. K. Rowling in the U.S. at 3.15 p.m. on Jan. 5. They spoke.", "Dr. Smith met J. K. Rowling in the U.S. at 3.15 p.m. on Jan. 5.|They spoke.")]
    [InlineData("Is it no. 5? No. It is not.", "Is it no. 5?|No.|It is not.")]
    [InlineData("He said \"Stop.\" Then he left (quickly!) and slept... She stayed.", "He said \"Stop.\"|Then he left (quickly!) and slept...|She stayed.")]
    [InlineData("See example.com/a.b for v2.0.1 of it. Fine", "See example.com/a.b for v2.0.1 of it.|Fine")]
    [InlineData("यह पहला वाक्य है। क्या यह दूसरा है? हाँ। डॉ. राव आए।", "यह पहला वाक्य है।|क्या यह दूसरा है?|हाँ।|डॉ. राव आए।")]
    [InlineData("これは本です。「読みます。」はい！", "これは本です。|「読みます。」|はい！")]
    [InlineData("هل هذا صحيح؟ نعم. شكرا", "هل هذا صحيح؟|نعم.|شكرا")]
    [InlineData("# Title\nBody one.\n- item one\n- item two\n\n---\n<doc>Inner text.</doc>", "Body one.|item one|item two|Inner text.")]
    [InlineData("A line that was wrapped by an editor because it\nwas too long for it. Next.", "A line that was wrapped by an editor because it was too long for it.|Next.")]
    public void It_finds_the_ends_of_sentences(string text, string sentences) => Passages.Read(text).Select(sentence => sentence.Text).ShouldBe(sentences.Split('|'));

    [Fact]
    public void A_sentence_knows_its_heading() => Passages.Read("## Price list\n\nIt costs five euros.").Single().Heading.ShouldBe("Price list");

    [Fact]
    public void A_text_without_full_stops_is_cut_at_softer_places()
    {
        var sentences = Passages.Read(string.Join(' ', Enumerable.Repeat("ข้อความ", 1000)));

        sentences.Count.ShouldBeGreaterThan(5);
        sentences.ShouldAllBe(sentence => sentence.Text.Length <= 710);
    }

    [Theory]
    [InlineData("Studies", "study")]
    [InlineData("running", "run")]
    [InlineData("Cafés", "cafe")]
    [InlineData("किताबों", "किताब")]
    [InlineData("ज़रूरत", "जरूरत")]
    [InlineData("ＡＢＣ", "abc")]
    public void Spellings_and_inflections_of_a_word_have_one_stem(string one, string other) => Stems.Of(Words.Of(one).Single()).ShouldBe(Stems.Of(Words.Of(other).Single()));
}
