using System.Buffers;

namespace AiPlatform.Infrastructure.Tokenizers;

/// <summary>Byte-pair merging of one piece: joins the pair of lowest rank, leftmost first, until no pair is a token.</summary>
internal static class BpeMerge
{
    // Up to here scanning for the smallest rank beats a heap.
    private const int ShortPiece = 96;

    /// <summary>Writes the token ids of <paramref name="piece"/>, which is at least two bytes long, to <paramref name="tokens"/> and returns how many.</summary>
    public static int Merge(BpeVocabulary vocabulary, ReadOnlySpan<byte> piece, Span<int> tokens) =>
        piece.Length <= ShortPiece ? MergeShort(vocabulary, piece, tokens) : MergeLong(vocabulary, piece, tokens);

    private static int MergeShort(BpeVocabulary vocabulary, ReadOnlySpan<byte> piece, Span<int> tokens)
    {
        // Part i is piece[starts[i]..starts[i + 1]]; ranks[i] is the rank of parts i and i + 1 joined.
        Span<int> starts = stackalloc int[ShortPiece + 1];
        Span<int> ranks = stackalloc int[ShortPiece];
        var parts = piece.Length;
        for (var i = 0; i <= parts; i++) starts[i] = i;
        for (var i = 0; i < parts; i++) ranks[i] = i + 2 <= parts ? vocabulary.RankOf(piece.Slice(i, 2)) : BpeVocabulary.NoRank;

        while (true)
        {
            var best = 0;
            for (var i = 1; i < parts; i++)
                if (ranks[i] < ranks[best]) best = i;
            if (ranks[best] == BpeVocabulary.NoRank) break;

            starts[(best + 2)..(parts + 1)].CopyTo(starts[(best + 1)..]);
            ranks[(best + 2)..parts].CopyTo(ranks[(best + 1)..]);
            parts--;
            ranks[best] = best + 2 <= parts ? vocabulary.RankOf(piece[starts[best]..starts[best + 2]]) : BpeVocabulary.NoRank;
            if (best > 0) ranks[best - 1] = vocabulary.RankOf(piece[starts[best - 1]..starts[best + 1]]);
        }

        for (var i = 0; i < parts; i++) tokens[i] = vocabulary.RankOf(piece[starts[i]..starts[i + 1]]);
        return parts;
    }

    /// <summary>The same with a heap over a linked list of parts: n log n, so that a megabyte of one letter is no way to stop the server.</summary>
    private static int MergeLong(BpeVocabulary vocabulary, ReadOnlySpan<byte> piece, Span<int> tokens)
    {
        var rented = ArrayPool<int>.Shared.Rent(piece.Length * 3);
        try
        {
            return MergeLong(vocabulary, piece, tokens, rented.AsSpan(0, piece.Length), rented.AsSpan(piece.Length, piece.Length), rented.AsSpan(piece.Length * 2, piece.Length));
        }
        finally
        {
            ArrayPool<int>.Shared.Return(rented);
        }
    }

    private static int MergeLong(BpeVocabulary vocabulary, ReadOnlySpan<byte> piece, Span<int> tokens, Span<int> next, Span<int> previous, Span<int> ranks)
    {
        // Parts are known by where they start. A heap entry is stale when its part's rank has changed since; rank and place order the heap.
        var heap = new PriorityQueue<int, long>();
        for (var i = 0; i < piece.Length; i++)
        {
            next[i] = i + 1;
            previous[i] = i - 1;
            ranks[i] = i + 2 <= piece.Length ? vocabulary.RankOf(piece.Slice(i, 2)) : BpeVocabulary.NoRank;
            if (ranks[i] != BpeVocabulary.NoRank) heap.Enqueue(i, ((long)ranks[i] << 32) | (uint)i);
        }

        while (heap.TryDequeue(out var part, out var key))
        {
            if (ranks[part] != (int)(key >> 32)) continue;
            var joined = next[part];
            ranks[joined] = BpeVocabulary.NoRank;
            next[part] = next[joined];
            if (next[part] < piece.Length) previous[next[part]] = part;
            Rank(part, piece, next, ranks);
            if (previous[part] >= 0) Rank(previous[part], piece, next, ranks);
        }

        var count = 0;
        for (var part = 0; part < piece.Length; part = next[part]) tokens[count++] = vocabulary.RankOf(piece[part..next[part]]);
        return count;

        void Rank(int part, ReadOnlySpan<byte> bytes, Span<int> next, Span<int> ranks)
        {
            ranks[part] = next[part] < bytes.Length ? vocabulary.RankOf(bytes[part..next[next[part]]]) : BpeVocabulary.NoRank;
            if (ranks[part] != BpeVocabulary.NoRank) heap.Enqueue(part, ((long)ranks[part] << 32) | (uint)part);
        }
    }
}
