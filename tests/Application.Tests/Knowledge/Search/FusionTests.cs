using AiPlatform.Application.Knowledge.Contracts;
using AiPlatform.Application.Knowledge.Search;
using AiPlatform.Domain.Common;
using AiPlatform.Domain.Knowledge;

namespace AiPlatform.Application.Tests.Knowledge.Search;

public sealed class FusionTests
{
    private static readonly VectorStoreId Store = Ids.New<VectorStoreId>(DateTimeOffset.UnixEpoch);
    private static readonly SimilarityScale Scale = SimilarityScale.Of("some-model");

    [Fact]
    public void What_both_ways_find_is_worth_more_than_what_one_finds()
    {
        var ranked = Rank([Words((1, 10, 0.9), (2, 9, 0.8))], [Near(2, 0.7), Near(3, 0.7)], new HybridWeights(1, 1));

        ranked.Select(candidate => candidate.ChunkId).ShouldBe([2, 1, 3]);
        (ranked[0].TextRank, ranked[0].VectorRank).ShouldBe((2, 1));
        (ranked[1].TextRank, ranked[1].VectorRank).ShouldBe((1, null));
    }

    [Theory]
    [InlineData(1, 0, 3)]
    [InlineData(0, 1, 1)]
    public void Weights_decide_what_counts(double embedding, double text, long best)
    {
        var ranked = Rank([Words((1, 10, 0.9), (2, 5, 0.5))], [Near(3, 0.7), Near(2, 0.5)], new HybridWeights(embedding, text));

        ranked[0].ChunkId.ShouldBe(best);
        ranked.ShouldAllBe(candidate => candidate.Score >= 0 && candidate.Score <= 1);
    }

    [Fact]
    public void Words_keep_the_order_of_the_search_by_words_and_are_worth_what_the_best_says_of_the_query()
    {
        // The second says more of the query, but less to the point.
        var ranked = Rank([Words((1, 12, 0.6), (2, 11, 0.7), (3, 3, 0.4))], [], new HybridWeights(0, 1));

        ranked.Select(candidate => candidate.ChunkId).ShouldBe([1, 2, 3]);
        ranked[0].Score.ShouldBe(0.7, 0.001);
        ranked[2].Score.ShouldBe(0.7 * 3 / 12, 0.001);
    }

    [Fact]
    public void A_query_of_which_nothing_is_said_has_low_scores_however_its_hits_compare()
    {
        var ranked = Rank([Words((1, 12, 0.1), (2, 6, 0.1))], [Near(3, Scale.Unrelated)], new HybridWeights(1, 1));

        ranked[0].Score.ShouldBeLessThan(0.1);
    }

    [Fact]
    public void Of_several_queries_the_best_counts()
    {
        var ranked = Rank([Words((1, 10, 0.9)), Words((1, 5, 0.3), (2, 5, 0.3))], [], new HybridWeights(0, 1));

        ranked.Count.ShouldBe(2);
        (ranked[0].ChunkId, ranked[0].Query).ShouldBe((1, 0));
        ranked[0].Score.ShouldBe(0.9, 0.001);
    }

    [Theory]
    [InlineData("text-embedding-3-small")]
    [InlineData("openai/text-embedding-ada-002")]
    [InlineData("intfloat/e5-large")]
    [InlineData("offline-embedding")]
    [InlineData("anything")]
    public void A_similarity_means_more_the_higher_it_is(string model)
    {
        var scale = SimilarityScale.Of(model);
        var meanings = Enumerable.Range(-10, 31).Select(step => scale.Meaning(step / 20.0)).ToList();

        meanings.ShouldBe(meanings.Order());
        meanings.ShouldAllBe(meaning => meaning >= 0 && meaning <= 1);
        scale.Meaning(scale.Unrelated).ShouldBe(0, 0.001);
        scale.Meaning(scale.Answer).ShouldBe(0.8, 0.001);
    }

    private static List<Candidate> Rank(IReadOnlyList<LexicalHits> texts, IReadOnlyList<VectorHit> vectors, HybridWeights weights) =>
        Fusion.Rank(texts, vectors, [], new Dictionary<VectorStoreId, StoreWeights> { [Store] = new(weights, Scale) });

    private static LexicalHits Words(params (long Chunk, double Score, double Relevance)[] hits) =>
        new([.. hits.Select(hit => new LexicalHit { ChunkId = hit.Chunk, VectorStoreId = Store, VectorStoreFileId = default, Score = hit.Score, Relevance = hit.Relevance })], []);

    private static VectorHit Near(long chunk, double similarity) => new(Store, 0, chunk, similarity);
}
