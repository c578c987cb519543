using System.Text.Json;
using AiPlatform.Domain.Common;
using AiPlatform.Infrastructure.Tokenizers;

namespace AiPlatform.Application.Tests.Inference.Tokenizers;

public sealed class BpeTokenizerTests
{
    public static TheoryData<string, string, int[]> Golden()
    {
        // Made with js-tiktoken 1.0.21, special tokens taken as text.
        using var resource = typeof(BpeTokenizerTests).Assembly.GetManifestResourceStream("golden-tokens.json")!;
        using var json = JsonDocument.Parse(resource);
        var data = new TheoryData<string, string, int[]>();
        foreach (var entry in json.RootElement.EnumerateArray())
            foreach (var (model, encoding) in new[] { ("gpt-4o", "o200k_base"), ("gpt-4", "cl100k_base") })
                data.Add(model, entry.GetProperty("text").GetString()!, entry.GetProperty(encoding).Deserialize<int[]>()!);
        return data;
    }

    [Theory]
    [MemberData(nameof(Golden))]
    public void It_makes_the_same_ids_as_tiktoken(string model, string text, int[] expected)
    {
        var tokenizer = TokenCounter.For(model);

        tokenizer.Encode(text).ShouldBe(expected);
        tokenizer.Encode(text).ShouldBe(expected, "the second time from the cache");
        tokenizer.Count(text).ShouldBe(expected.Length);
    }

    [Theory]
    [MemberData(nameof(Golden))]
    public void It_decodes_ids_to_the_text_they_came_from(string model, string text, int[] tokens) =>
        new TokenCounter().Decode(model, tokens).ShouldBe(text);

    [Theory]
    [InlineData("gpt-4o-mini", 199999)]
    [InlineData("text-embedding-3-small", 100257)]
    public void It_decodes_special_tokens_to_their_markup(string model, int id) =>
        new TokenCounter().Decode(model, [id]).ShouldBe("<|endoftext|>");

    [Fact]
    public void It_refuses_ids_that_no_token_has() =>
        Should.Throw<InvalidRequest>(() => new TokenCounter().Decode("gpt-4o", [5_000_000])).Message.ShouldContain("5000000");

    [Theory]
    [InlineData("gpt-4", "gpt-4-0613")]
    [InlineData("gpt-4", "gpt-4-turbo")]
    [InlineData("gpt-4", "ft:gpt-3.5-turbo:acme")]
    [InlineData("gpt-4", "text-embedding-ada-002")]
    [InlineData("gpt-4o", "openai/gpt-4o-mini")]
    [InlineData("gpt-4o", "gpt-4.1-nano")]
    [InlineData("gpt-4o", "gpt-5")]
    [InlineData("gpt-4o", "o3-mini")]
    [InlineData("gpt-4o", "llama3.2")]
    [InlineData("gpt-4o", "")]
    public void It_knows_the_encoding_of_a_model(string known, string model) =>
        TokenCounter.For(model).ShouldBeSameAs(TokenCounter.For(known));

    [Theory]
    [InlineData("a")]
    [InlineData(" ")]
    [InlineData("\n")]
    [InlineData("!")]
    [InlineData("क")]
    [InlineData("ab")]
    public void It_takes_a_megabyte_of_one_letter_in_its_stride(string unit)
    {
        var text = string.Concat(Enumerable.Repeat(unit, 1_000_000 / unit.Length));
        var tokenizer = TokenCounter.For("gpt-4o");

        var tokens = tokenizer.Encode(text);

        tokens.Count.ShouldBeLessThanOrEqualTo(text.Length);
        tokenizer.Decode(tokens).ShouldBe(text);
    }

    [Fact]
    public void Half_of_a_surrogate_pair_counts_as_a_replacement_character() =>
        TokenCounter.For("gpt-4o").Encode("a\ud83d b").ShouldBe(TokenCounter.For("gpt-4o").Encode("a\ufffd b"));
}
