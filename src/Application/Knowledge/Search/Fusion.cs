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
    public static List<Candidate> Rank(IReadOnlyList<LexicalHit> texts, IReadOnlyList<VectorHit> vectors, IReadOnlyDictionary<VectorStoreId, StoreWeights> stores)
    {
        var found = new Dictionary<(long Chunk, int Query), Candidate>();
        foreach (var (hit, rank) in Ranked(texts, hit => hit.Query, hit => hit.Score))
            found[(hit.ChunkId, hit.Query)] = new Candidate { ChunkId = hit.ChunkId, Store = hit.Store, Query = hit.Query, Text = hit, TextRank = rank };
        foreach (var (hit, rank) in Ranked(vectors, hit => hit.Query, hit => hit.Similarity))
        {
            var candidate = found.GetValueOrDefault((hit.ChunkId, hit.Query)) ?? new Candidate { ChunkId = hit.ChunkId, Store = hit.Store, Query = hit.Query };
            found[(hit.ChunkId, hit.Query)] = candidate with { Similarity = hit.Similarity, VectorRank = rank };
        }

        return
        [
            .. found.Values
                .Select(candidate => candidate with { Score = ScoreOf(candidate, stores[candidate.Store]) })
                .GroupBy(candidate => candidate.ChunkId, (_, same) => same.MaxBy(candidate => candidate.Score)!)
                .OrderByDescending(candidate => candidate.Score).ThenBy(candidate => candidate.ChunkId),
        ];
    }

    private static double ScoreOf(Candidate candidate, StoreWeights store)
    {
        var (embedding, text) = store.Weights;
        var meaning = candidate.Similarity is { } similarity ? store.Scale.Meaning(similarity) : 0;
        var words = candidate.Text is { } hit ? WordsOf(hit.Coverage) : 0;
        return ((embedding * meaning) + (text * words)) / (embedding + text);
    }

    // All words of the query said once is 0.73; what a chunk says again and again brings it nearer to 1.
    private static double WordsOf(double coverage) => 1 - Math.Exp(-1.3 * Math.Max(0, coverage));

    private static IEnumerable<(T Hit, int Rank)> Ranked<T>(IReadOnlyList<T> hits, Func<T, int> query, Func<T, double> score) =>
        hits.GroupBy(query).SelectMany(group => group.OrderByDescending(score).Select((hit, index) => (hit, index + 1)));
}
