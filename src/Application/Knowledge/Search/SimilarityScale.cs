using AiPlatform.Application.Knowledge.Contracts;

namespace AiPlatform.Application.Knowledge.Search;

/// <summary>
/// What a cosine means. Models differ: some have nothing below 0.7, so that 0.75 says little, and of others 0.5 is an answer. The numbers are where passages that have nothing to do
/// with a question usually end, and where plain answers begin.
/// </summary>
internal readonly record struct SimilarityScale(double Unrelated, double Answer)
{
    private const double OfUnrelated = 0.05;
    private const double OfAnswer = 0.8;

    private static readonly (string Name, SimilarityScale Scale)[] Known =
    [
        ("offline-embedding", new(0.05, 0.60)),
        ("text-embedding-ada", new(0.70, 0.90)),
        ("text-embedding-3", new(0.12, 0.65)),
        ("gemini-embedding", new(0.50, 0.85)),
        ("nomic-embed", new(0.45, 0.80)),
        ("mxbai-embed", new(0.40, 0.80)),
        ("all-minilm", new(0.08, 0.65)),
        ("e5", new(0.70, 0.90)),
        ("bge", new(0.40, 0.80)),
        ("gte", new(0.55, 0.85)),
        ("jina", new(0.25, 0.75)),
    ];

    private static readonly SimilarityScale Unknown = new(0.20, 0.75);

    public static SimilarityScale Of(string model) =>
        Known.FirstOrDefault(known => model.Contains(known.Name, StringComparison.OrdinalIgnoreCase)) is { Name: not null } found ? found.Scale : Unknown;

    /// <summary>What suits a store of this model. One that only compares words does worse what the search by words does well, so it is not asked.</summary>
    public static HybridWeights WeightsFor(string model) => ComparesWords(model) ? new HybridWeights(0, 1) : new HybridWeights(1, 1);

    /// <summary>Where no chunk says any word of the query: misspelt words still look like those that are meant. Worth little.</summary>
    public static readonly HybridWeights Guess = new(1, 3);

    public static bool ComparesWords(string model) => model.Contains("offline-embedding", StringComparison.OrdinalIgnoreCase);

    /// <summary>From 0 towards 1, higher wherever the similarity is: what has nothing to do with it still has an order. A plain answer has 0.8.</summary>
    public double Meaning(double similarity)
    {
        var part = (similarity - Unrelated) / (Answer - Unrelated);
        if (part <= 0) return OfUnrelated * Math.Max(0, (similarity + 1) / (Unrelated + 1));
        return part <= 1 ? OfUnrelated + ((OfAnswer - OfUnrelated) * part) : 1 - ((1 - OfAnswer) * Math.Exp(1 - part));
    }
}
