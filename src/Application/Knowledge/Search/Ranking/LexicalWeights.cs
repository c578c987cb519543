namespace AiPlatform.Application.Knowledge.Search.Ranking;

/// <summary>What counts how much. Round figures from the middle of where nothing much changes, not the best for some collection.</summary>
internal sealed record LexicalWeights
{
    public static readonly LexicalWeights Default = new();

    /// <summary>How fast more occurrences of a word stop counting.</summary>
    public double K1 { get; init; } = 1.2;

    /// <summary>How much a long chunk is held against it.</summary>
    public double B { get; init; } = 0.75;

    /// <summary>Of two words of the query that follow each other in the chunk as they do in the query.</summary>
    public double Ordered { get; init; } = 0.2;

    /// <summary>Of two words of the query within <see cref="Window"/> words.</summary>
    public double Near { get; init; } = 0.2;

    public int Window { get; init; } = 8;

    /// <summary>Of what the best chunks have in common beside the query.</summary>
    public double Feedback { get; init; } = 0.8;

    /// <summary>How much more that counts where the best chunks are equally good.</summary>
    public double Evenness { get; init; } = 2;

    public int FeedbackChunks { get; init; } = 10;
    public int FeedbackTerms { get; init; } = 20;

    /// <summary>How many of the best are looked at closely.</summary>
    public int Reranked { get; init; } = 200;
}
