using AiPlatform.Application.Knowledge.Contracts;

namespace AiPlatform.Application.Knowledge.Search;

/// <summary>
/// What a cosine means. Models differ: some have nothing below 0.7, so that 0.75 says little, and of others 0.5 is an answer. The numbers are where passages that have nothing to do
/// with a question usually end, and where plain answers begin.
/// </summary>
internal readonly record struct SimilarityScale(double Unrelated, double Answer)
{
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

    /// <summary>What suits a store of this model: one that only compares words adds little to a search that does it better.</summary>
    public static HybridWeights WeightsFor(string model) => model.Contains("offline-embedding", StringComparison.OrdinalIgnoreCase) ? new HybridWeights(0.1, 1) : new HybridWeights(1, 1);

    /// <summary>From 0 (nothing to do with it) towards 1; a plain answer has 0.8.</summary>
    public double Meaning(double similarity)
    {
        var part = (similarity - Unrelated) / (Answer - Unrelated);
        return part <= 0 ? 0 : part <= 1 ? 0.8 * part : 1 - (0.2 * Math.Exp(1 - part));
    }
}
