using System.Diagnostics;
using AiPlatform.Application.Knowledge.Chunking;
using AiPlatform.Application.Knowledge.Extraction;
using AiPlatform.Domain.Knowledge;
using AiPlatform.Infrastructure.Tokenizers;

namespace AiPlatform.Application.Tests.Knowledge.Chunking;

public sealed class DocumentChunkerTests
{
    private const string Model = "offline-embedding";
    private static readonly TokenCounter Tokens = new();

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 150)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Chunks_cover_the_text_in_order_within_the_limit_and_say_where_they_stand(int seed)
    {
        var random = new Random(seed);
        var text = RandomDocuments.Of(random);
        var most = random.Next(3) switch { 0 => 100, 1 => random.Next(100, 400), _ => 800 };
        var strategy = new ChunkingStrategy(most, random.Next(0, most / 2 + 1));

        var chunks = Chunk(text, strategy);

        var covered = 0;
        for (var i = 0; i < chunks.Count; i++)
        {
            var chunk = chunks[i];
            chunk.Ordinal.ShouldBe(i);
            chunk.Content.ShouldBe(text.Text[chunk.Start..chunk.End]);
            chunk.Content.Trim().ShouldBe(chunk.Content);
            chunk.Content.ShouldNotBeEmpty();
            chunk.Tokens.ShouldBe(Tokens.Count(Model, chunk.Content));
            chunk.Tokens.ShouldBeLessThanOrEqualTo(most);
            chunk.FirstPage.ShouldBe(PageAt(text, chunk.Start));
            chunk.LastPage.ShouldBe(PageAt(text, chunk.End - 1));
            if (chunk.Start > covered) text.Text[covered..chunk.Start].ShouldBeNullOrWhiteSpace();
            chunk.End.ShouldBeGreaterThan(covered);
            if (i > 0)
            {
                chunk.Start.ShouldBeGreaterThan(chunks[i - 1].Start);
                if (chunk.Start < covered)
                {
                    // It repeats no more than asked, from the beginning of a word.
                    Tokens.Count(Model, text.Text[chunk.Start..covered]).ShouldBeLessThanOrEqualTo(strategy.OverlapTokens);
                    char.IsLetterOrDigit(text.Text[chunk.Start - 1]).ShouldBeFalse();
                }
            }

            covered = chunk.End;
        }

        text.Text[covered..].ShouldBeNullOrWhiteSpace();
        Flat(Chunk(text, strategy)).ShouldBe(Flat(chunks));
    }

    [Fact]
    public void A_short_document_is_one_chunk()
    {
        var chunk = Chunk(Document("A title", H(1, "One"), P("First."), P("Second.")), ChunkingStrategy.Auto).ShouldHaveSingleItem();

        chunk.Content.ShouldBe("One\n\nFirst.\n\nSecond.");
        chunk.Headings.ShouldBe(["A title", "One"]);
        chunk.EmbeddedText.ShouldBe("A title > One\nOne\n\nFirst.\n\nSecond.");
    }

    [Fact]
    public void Small_sections_share_a_chunk_under_what_they_have_in_common()
    {
        var chunk = Chunk(Document(null, H(1, "Rules"), H(2, "A"), P("Of a."), H(2, "B"), P("Of b.")), ChunkingStrategy.Auto).ShouldHaveSingleItem();

        chunk.Headings.ShouldBe(["Rules"]);
    }

    [Fact]
    public void A_heading_begins_a_chunk_when_the_one_before_is_half_full_and_nothing_is_repeated_across_it()
    {
        var chunks = Chunk(Document(null, H(1, "One"), P(Sentences(30)), H(1, "Two"), P(Sentences(30))), new ChunkingStrategy(400, 200));

        chunks.Count.ShouldBe(2);
        chunks[1].Content.ShouldStartWith("Two");
        chunks[1].Headings.ShouldBe(["Two"]);
        chunks[0].Headings.ShouldBe(["One"]);
    }

    [Fact]
    public void A_long_section_goes_on_under_its_heading_from_the_beginning_of_a_sentence()
    {
        var chunks = Chunk(Document("Book", H(1, "One"), H(2, "Deep"), P(Sentences(200))), new ChunkingStrategy(200, 100));

        chunks.Count.ShouldBeGreaterThan(5);
        foreach (var chunk in chunks.Skip(1))
        {
            chunk.Headings.ShouldBe(["Book", "One", "Deep"]);
            chunk.Content.ShouldStartWith("Sentence number");
            chunk.Content.ShouldEndWith(".");
        }

        chunks.Zip(chunks.Skip(1)).ShouldAllBe(pair => pair.Second.Start < pair.First.End);
    }

    [Fact]
    public void Rows_far_from_the_head_of_their_table_are_told_by_the_names_of_its_columns()
    {
        var rows = Enumerable.Range(1, 200).Select(i => new ExtractedBlock(BlockKind.TableRow, $"{i} | Name {i} | {i * 3}"));
        var chunks = Chunk(Document(null, [H(1, "People"), new ExtractedBlock(BlockKind.TableHeader, "No | Name | Age"), .. rows, P("After the table.")]), new ChunkingStrategy(200, 0));

        chunks.Count.ShouldBeGreaterThan(3);
        chunks[0].Headings.ShouldBe(["People"]);
        chunks[0].Content.ShouldContain("No | Name | Age");
        chunks[1].Headings.ShouldBe(["People", "No | Name | Age"]);
        chunks[1].Content.ShouldMatch(@"^\d+ \| Name");
    }

    [Theory]
    [InlineData("This is a sentence. ")]
    [InlineData("यह एक वाक्य है। ")]
    [InlineData("これは文です。")]
    [InlineData("هذه جملة؟ ")]
    public void Chunks_end_with_sentences_in_any_script(string sentence)
    {
        var chunks = Chunk(Document(null, P(string.Concat(Enumerable.Repeat(sentence, 300)))), new ChunkingStrategy(150, 50));

        chunks.Count.ShouldBeGreaterThan(3);
        foreach (var chunk in chunks)
        {
            chunk.Content.ShouldStartWith(sentence.Trim());
            chunk.Content.ShouldEndWith(sentence.Trim());
        }
    }

    [Fact]
    public void Numbers_and_abbreviations_do_not_end_sentences()
    {
        var text = "It grew by 3.5 per cent, approx. half of it in Q1. Then it fell.";
        Application.Knowledge.Chunking.Sentences.EndOf(text, 0, text.Length, byLine: false).ShouldBe(text.IndexOf(" Then", StringComparison.Ordinal));
    }

    [Fact]
    public void A_giant_word_is_cut_but_no_character_of_it()
    {
        var chunks = Chunk(Document(null, P("Before. " + string.Concat(Enumerable.Repeat("👩‍👩‍👧‍👦", 3000)) + " After.")), new ChunkingStrategy(100, 50));

        foreach (var content in chunks.Select(chunk => chunk.Content))
            (char.IsLowSurrogate(content[0]) || char.IsHighSurrogate(content[^1]) || content[0] == '\u200D').ShouldBeFalse();
    }

    [Fact]
    public void A_text_that_is_all_space_has_no_chunks() => Chunk(Document("Title", P("  \n\t "), P("")), ChunkingStrategy.Auto).ShouldBeEmpty();

    /// <summary>Twice the text may take about twice the time; a quadratic chunker would need hours for the longer of these.</summary>
    [Theory]
    [InlineData("word ")]
    [InlineData("x")]
    [InlineData("A sentence of some words. ")]
    [InlineData("文")]
    [InlineData(" \n")]
    public void A_huge_line_takes_time_in_proportion_to_its_length(string unit)
    {
        var started = Stopwatch.GetTimestamp();
        var chunks = Chunk(Document(null, P("Begin " + string.Concat(Enumerable.Repeat(unit, 2_000_000 / unit.Length)) + " end")), ChunkingStrategy.Auto);

        chunks[^1].Content.ShouldEndWith("end");
        Stopwatch.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromMinutes(2));
    }

    private static List<DocumentChunk> Chunk(ExtractedText text, ChunkingStrategy strategy) =>
        [.. new DocumentChunker(Tokens).Chunk(text, strategy, Model, CancellationToken.None)];

    private static IEnumerable<string> Flat(IEnumerable<DocumentChunk> chunks) =>
        chunks.Select(chunk => $"{chunk.Ordinal} {chunk.Start} {chunk.End} {chunk.FirstPage} {chunk.LastPage} {chunk.Tokens} {chunk.EmbeddedText}");

    private static int PageAt(ExtractedText text, int position) => text.Blocks.Last(block => block.Start <= position && block.Block.Text.Length > 0).Page;

    private static ExtractedText Document(string? title, params ExtractedBlock[] blocks) => new("txt", title, [new ExtractedPage(1, blocks)]);

    private static ExtractedBlock H(int level, string text) => new(BlockKind.Heading, text, level);

    private static ExtractedBlock P(string text) => new(BlockKind.Paragraph, text);

    private static string Sentences(int count) => string.Join(' ', Enumerable.Range(1, count).Select(i => $"Sentence number {i} is this."));
}
