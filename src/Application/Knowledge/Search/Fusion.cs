using AiPlatform.Application.Knowledge.Contracts;
using AiPlatform.Domain.Knowledge;

namespace AiPlatform.Application.Knowledge.Search;

/// <summary>A chunk that was found, by its words, by its meaning or by both, and what that is worth.</summary>
internal sealed record Candidate
{
    public required long ChunkId { get; init; }
    public required VectorStoreId Store { get; init; }

    /// <summary>Which of the queries it answers best.</summary>
    public required int Query { get; init; }

    public int? TextRank { get; init; }
    public LexicalHit? Text { get; init; }

    /// <summary>How much of the query it says, from 0 to 1.</summary>
    public double Words { get; init; }

    public int? VectorRank { get; init; }
    public double? Similarity { get; init; }

    /// <summary>From 0 to 1.</summary>
    public double Score { get; init; }
}

/// <summary>How a store's hits are weighed: how much each kind counts, and what its similarities mean.</summary>
internal readonly record struct StoreWeights(HybridWeights Weights, SimilarityScale Scale);

/// <summary>
/// Puts what was found by words and what was found by meaning in one order. Each kind has a score from 0 to 1 that means the same in every search (how much of the query a chunk says, how
/// near its meaning is), and the score of a chunk is their weighted mean. So it says how good a hit is, not only that others are worse, as ranks do.
/// </summary>
internal static class Fusion
{
    // The best few, because the very best need not say most of the words.
    private const int BestOfAll = 3;

    // However little they say, some say more than others.
    private const double LeastRelevance = 0.05;

    /// <param name="texts">For each query what says its words, best first.</param>
    /// <param name="vectors">What is near in meaning, of any query and in any order.</param>
    /// <param name="others">How near some others are that were found by their words: they have no rank.</param>
    /// <param name="stores">What counts how much.</param>
    public static List<Candidate> Rank(
        IReadOnlyList<LexicalHits> texts, IReadOnlyList<VectorHit> vectors, IReadOnlyList<VectorHit> others, IReadOnlyDictionary<VectorStoreId, StoreWeights> stores)
    {
        var found = new Dictionary<(long Chunk, int Query), Candidate>();
        for (var query = 0; query < texts.Count; query++)
        {
            var hits = texts[query].Hits;
            var scale = ScaleOf(hits);
            for (var i = 0; i < hits.Count; i++)
            {
                found[(hits[i].ChunkId, query)] = new Candidate
                {
                    ChunkId = hits[i].ChunkId, Store = hits[i].VectorStoreId, Query = query, Text = hits[i], TextRank = i + 1, Words = Math.Clamp(hits[i].Score * scale, 0, 1),
                };
            }
        }

        foreach (var nearest in vectors.GroupBy(hit => hit.Query))
        {
            var rank = 0;
            foreach (var hit in nearest.OrderByDescending(hit => hit.Similarity)) Add(hit, ++rank);
        }

        foreach (var hit in others) Add(hit, null);

        return
        [
            .. found.Values
                .Select(candidate => candidate with { Score = ScoreOf(candidate, stores[candidate.Store]) })
                .GroupBy(candidate => candidate.ChunkId, (_, same) => same.MaxBy(candidate => candidate.Score)!)
                .OrderByDescending(candidate => candidate.Score).ThenBy(candidate => candidate.ChunkId),
        ];

        void Add(VectorHit hit, int? rank)
        {
            var candidate = found.GetValueOrDefault((hit.ChunkId, hit.Query)) ?? new Candidate { ChunkId = hit.ChunkId, Store = hit.Store, Query = hit.Query };
            found[(hit.ChunkId, hit.Query)] = candidate with { Similarity = hit.Similarity, VectorRank = rank };
        }
    }

    private static double ScoreOf(Candidate candidate, StoreWeights store)
    {
        var (embedding, text) = store.Weights;
        var meaning = candidate.Similarity is { } similarity ? store.Scale.Meaning(similarity) : 0;
        return ((embedding * meaning) + (text * candidate.Words)) / (embedding + text);
    }

    /// <summary>The best chunks are worth what they say of the query, and the others as much less as their scores are lower.</summary>
    private static double ScaleOf(IReadOnlyList<LexicalHit> hits)
    {
        if (hits.Count == 0 || hits[0].Score <= 0) return 0;
        return Math.Max(LeastRelevance, hits.Take(BestOfAll).Max(hit => hit.Relevance)) / hits[0].Score;
    }
}
