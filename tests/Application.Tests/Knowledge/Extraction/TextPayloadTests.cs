using AiPlatform.Application.Knowledge.Extraction;
using AiPlatform.Application.Tests.Knowledge.Chunking;

namespace AiPlatform.Application.Tests.Knowledge.Extraction;

public sealed class TextPayloadTests
{
    [Fact]
    public void A_text_is_unpacked_as_it_was_packed()
    {
        for (var seed = 0; seed < 50; seed++)
        {
            var text = RandomDocuments.Of(new Random(seed));
            var same = TextPayload.Unpack(TextPayload.Pack(text));

            (same.Format, same.Title, same.Text).ShouldBe((text.Format, text.Title, text.Text));
            same.Blocks.ShouldBe(text.Blocks);
            same.Pages.Select(page => (page.Number, page.Label)).ShouldBe(text.Pages.Select(page => (page.Number, page.Label)));
        }
    }

    [Fact]
    public void What_the_database_refuses_is_replaced_unit_by_unit()
    {
        CleanText.Of("clean 🌏").ShouldBe("clean 🌏");
        CleanText.Of("a\0b\0").ShouldBe("a\uFFFDb\uFFFD");
        CleanText.Of("\uD83C").ShouldBe("\uFFFD");
        CleanText.Of("\uDF0Fa\uD83C\uD83C\uDF0F").ShouldBe("\uFFFDa\uFFFD\uD83C\uDF0F");
    }

    [Fact]
    public void Titles_labels_and_blocks_are_cleaned()
    {
        var clean = CleanText.Of(new ExtractedText("txt", "t\0", [new ExtractedPage(1, [new ExtractedBlock(BlockKind.Heading, "h\0", 2)]) { Label = "l\0" }]));

        (clean.Title, clean.Text, clean.Pages[0].Label, clean.Pages[0].Blocks[0].Level).ShouldBe(("t\uFFFD", "h\uFFFD", "l\uFFFD", 2));
    }
}
