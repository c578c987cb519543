namespace AiPlatform.Application.Knowledge.Search.Analysis;

/// <summary>A word as the index knows it: 40 bits of its stem's hash. Of a million words one in a million shares its number with another, which costs less than spelling them out would.</summary>
internal static class Term
{
    public const int Bits = 40;

    private const ulong Mask = (1UL << Bits) - 1;

    public static long Of(ReadOnlySpan<char> stem)
    {
        // FNV-1a, and then mixed, because its upper bits depend little on the last letters.
        var hash = 14695981039346656037UL;
        foreach (var c in stem) hash = (hash ^ c) * 1099511628211UL;
        hash = (hash ^ (hash >> 33)) * 0xFF51AFD7ED558CCDUL;
        hash = (hash ^ (hash >> 33)) * 0xC4CEB9FE1A85EC53UL;
        return (long)((hash ^ (hash >> 33)) & Mask);
    }
}
