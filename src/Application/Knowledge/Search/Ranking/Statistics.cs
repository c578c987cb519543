using AiPlatform.Application.Knowledge.Search.Analysis;
using AiPlatform.Application.Knowledge.Search.Segments;

namespace AiPlatform.Application.Knowledge.Search.Ranking;

/// <summary>How many chunks there are and how long, over all that is searched, and what follows from it for words (BM25).</summary>
internal sealed class Statistics(IReadOnlyList<OpenSegment> segments, LexicalWeights weights)
{
    private readonly double _averageLength = Math.Max(1, segments.Sum(segment => (double)segment.Info.Length) / Math.Max(1, segments.Sum(segment => (double)segment.Info.Chunks)));

    public long Chunks { get; } = segments.Sum(segment => (long)segment.Info.Chunks);

    /// <summary>What <c>b</c> and the length make of <c>k1</c>.</summary>
    public float Norm(int length) => (float)(weights.K1 * (1 - weights.B + (weights.B * length / _averageLength)));

    /// <summary>How much so many occurrences are, from 0 to nearly 1.</summary>
    public static double Saturation(double frequency, double norm) => frequency / (frequency + norm);

    public double Idf(IEnumerable<long> variants)
    {
        // Chunks with several variants count for each: seldom, and a little too common is no harm.
        var found = Math.Min(Chunks, segments.Sum(segment => variants.Sum(term => (long)segment.Find(term).Count)));
        return Math.Log(1 + ((Chunks - found + 0.5) / (found + 0.5)));
    }
}

/// <summary>A term of the query and what it counts.</summary>
internal sealed record WeighedTerm(QueryTerm Term, double Idf, bool Occurs)
{
    public double Weight => Idf * Term.Weight;
}
