namespace AiPlatform.FakeModels;

/// <summary>Deterministic vectors: texts that share words are near each other, so retrieval has something to find.</summary>
public static class FakeEmbedding
{
    public const int DefaultDimensions = 1536;

    private const int PlacesPerWord = 24;

    /// <summary>The unit vector of a text.</summary>
    public static float[] For(string text, int dimensions = DefaultDimensions)
    {
        ArgumentNullException.ThrowIfNull(text);
        var vector = new float[dimensions];
        foreach (var word in Words(text))
        {
            var state = Hash(text.AsSpan()[word]);
            for (var i = 0; i < PlacesPerWord; i++)
            {
                state = (state ^ (state >> 29)) * 0xBF58476D1CE4E5B9UL;
                state ^= state >> 32;
                vector[(int)(state % (ulong)dimensions)] += (state & (1UL << 63)) == 0 ? 1f : -1f;
            }
        }

        var length = MathF.Sqrt(vector.Sum(value => value * value));
        if (length == 0)
        {
            vector[0] = 1;
            return vector;
        }

        for (var i = 0; i < dimensions; i++) vector[i] /= length;
        return vector;
    }

    private static IEnumerable<Range> Words(string text)
    {
        var start = -1;
        for (var i = 0; i <= text.Length; i++)
        {
            var inWord = i < text.Length && (char.IsLetterOrDigit(text[i]) || char.IsSurrogate(text[i]));
            if (inWord && start < 0) start = i;
            if (inWord || start < 0) continue;
            yield return start..i;
            start = -1;
        }
    }

    private static ulong Hash(ReadOnlySpan<char> word)
    {
        var hash = 14695981039346656037UL;
        foreach (var letter in word) hash = (hash ^ char.ToLowerInvariant(letter)) * 1099511628211UL;
        return hash;
    }
}
