namespace AiPlatform.Domain.Usage;

/// <summary>Tokens of one model call. <see cref="Input"/> includes <see cref="CachedInput"/>, <see cref="Output"/> includes <see cref="Reasoning"/>.</summary>
public sealed record TokenUsage(int Input, int Output, int CachedInput = 0, int CacheWriteInput = 0, int Reasoning = 0)
{
    public int Total => Input + Output;

    /// <summary>Both together.</summary>
    public TokenUsage With(TokenUsage? other) => other is null ? this : new TokenUsage(
        Input + other.Input, Output + other.Output, CachedInput + other.CachedInput, CacheWriteInput + other.CacheWriteInput, Reasoning + other.Reasoning)
    {
        IsEstimate = IsEstimate || other.IsEstimate,
    };

    /// <summary>Whether we counted because the vendor did not say.</summary>
    public bool IsEstimate { get; init; }
}
