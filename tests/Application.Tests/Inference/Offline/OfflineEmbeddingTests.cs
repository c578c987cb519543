using AiPlatform.Application.Inference.Contracts;
using AiPlatform.Domain.Common;
using AiPlatform.Infrastructure.Tokenizers;
using Microsoft.Extensions.AI;

namespace AiPlatform.Application.Tests.Inference.Offline;

public sealed class OfflineEmbeddingTests
{
    [Theory]
    [InlineData("The committee approved the new budget", "budgets were approved by committees", "A cat sleeps on the warm roof")]
    [InlineData("photosynthesis in plants", "photosynthessis in plantts", "central bank policy")]
    [InlineData("किसान खेतों में गेहूँ उगाते हैं", "किसानों के खेत में गेहूं", "समुद्र में जहाज़ डूब गया")]
    [InlineData("நதிகள் கடலில் கலக்கின்றன", "நதி கடலில் கலக்கிறது", "புத்தகம் மேசையில் உள்ளது")]
    [InlineData("東京は日本の首都です", "日本の首都は東京", "猫が屋根の上で寝ている")]
    [InlineData("Müller aß Brötchen", "muller brotchen", "Die Bahn fährt heute nicht")]
    public async Task Texts_with_similar_words_lie_nearer_than_others(string text, string similar, string other)
    {
        var vectors = await EmbedAsync([text, similar, other]);

        Cosine(vectors[0], vectors[1]).ShouldBeGreaterThan(Cosine(vectors[0], vectors[2]) + 0.2);
    }

    [Theory]
    [InlineData(null, 768)]
    [InlineData(64, 64)]
    [InlineData(1000, 1000)]
    [InlineData(2048, 2048)]
    public async Task Vectors_have_unit_length_and_the_dimensions_asked_for(int? asked, int expected)
    {
        var vectors = await EmbedAsync(["Hello world", "", " \n", "!?", "नमस्ते", "a"], asked);

        vectors.ShouldAllBe(vector => vector.Length == expected);
        vectors.ShouldAllBe(vector => Math.Abs(Cosine(vector, vector) - 1) < 1e-5);
        vectors[1].ShouldBe(vectors[2]);
    }

    [Theory]
    [InlineData(63)]
    [InlineData(2049)]
    [InlineData(1)]
    public async Task Other_dimensions_are_refused(int dimensions)
    {
        var refusal = await Should.ThrowAsync<InvalidRequest>(() => EmbedAsync(["Hello"], dimensions));

        refusal.Param.ShouldBe("dimensions");
    }

    [Fact]
    public async Task Tokens_give_the_vector_of_their_text_and_are_counted()
    {
        const string Text = "Tokens of a text";
        var tokens = TokenCounter.For("offline-embedding").Encode(Text);

        var embeddings = await Offline.Provider.Embeddings.GenerateAsync([new EmbeddingInput.Text(Text), new EmbeddingInput.Tokens(tokens)]);

        embeddings[1].Vector.ToArray().ShouldBe(embeddings[0].Vector.ToArray());
        embeddings.Usage!.InputTokenCount.ShouldBe(2 * tokens.Count);
    }

    [Fact]
    public async Task The_vectors_stay_the_same_from_one_version_to_the_next()
    {
        var vector = (await EmbedAsync(["The quick brown fox"], 64))[0];

        // Stored vectors are compared with new ones: whoever changes these numbers gives the model another name.
        var largest = vector.Index().OrderByDescending(entry => Math.Abs(entry.Item)).Take(3).Select(entry => $"{entry.Index}: {entry.Item:f3}");
        string.Join(", ", largest).ShouldBe("46: 0.536, 39: -0.462, 37: -0.421");
    }

    private static async Task<List<float[]>> EmbedAsync(string[] texts, int? dimensions = null)
    {
        var embeddings = await Offline.Provider.Embeddings.GenerateAsync(texts.Select(text => new EmbeddingInput.Text(text)), new EmbeddingGenerationOptions { Dimensions = dimensions });
        return [.. embeddings.Select(embedding => embedding.Vector.ToArray())];
    }

    private static double Cosine(float[] a, float[] b) => a.Zip(b, (x, y) => (double)x * y).Sum();
}
