namespace AiPlatform.Domain.Usage;

/// <summary>Tokens of one model call. <see cref="Input"/> includes <see cref="CachedInput"/>, <see cref="Output"/> includes <see cref="Reasoning"/>.</summary>
public sealed record TokenUsage(int Input, int Output, int CachedInput = 0, int CacheWriteInput = 0, int Reasoning = 0)
{
    public int Total => Input + Output;

    /// <summary>Whether we counted because the vendor did not say.</summary>
    public bool IsEstimate { get; init; }
}
