using System.Buffers;
using System.Text;
using AiPlatform.Domain.Common;

namespace AiPlatform.Infrastructure.Tokenizers;

/// <summary>Byte-pair encoding as tiktoken does it for ordinary text: the markup of special tokens in a text is text. Safe for concurrent use.</summary>
internal sealed class BpeTokenizer(string name, BpeTokenizer.PieceLength pieceLength)
{
    /// <summary>Gives the length of the first piece of a text.</summary>
    public delegate int PieceLength(ReadOnlySpan<char> text);

    private const int CachedPieceBytes = 64;
    private const int StackBytes = 256;

    private readonly BpeVocabulary _vocabulary = BpeVocabulary.Load(name);

    // One entry per slot, the newest wins: bounded, and without locks because an entry is replaced as a whole.
    private readonly CachedPiece?[] _cache = new CachedPiece?[8192];

    public int Count(ReadOnlySpan<char> text) => Run(text, null);

    public IReadOnlyList<int> Encode(ReadOnlySpan<char> text)
    {
        var tokens = new List<int>(text.Length / 3);
        Run(text, tokens);
        return tokens;
    }

    /// <summary>The id of the token that is exactly this text, or null.</summary>
    public int? TokenOf(string text)
    {
        var rank = _vocabulary.RankOf(Encoding.UTF8.GetBytes(text));
        return rank == BpeVocabulary.NoRank ? null : rank;
    }

    public string Decode(IReadOnlyList<int> tokens)
    {
        var bytes = new ArrayBufferWriter<byte>(tokens.Count * 4 + 1);
        foreach (var token in tokens)
        {
            if (!_vocabulary.TryGetBytes(token, out var found))
                throw new InvalidRequest("invalid_token", $"Token {token} is not in the vocabulary of {name}; send the text itself, or encode it with {name}.", "input");
            bytes.Write(found);
        }

        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    private int Run(ReadOnlySpan<char> text, List<int>? output)
    {
        var count = 0;
        while (text.Length > 0)
        {
            var length = pieceLength(text);
            count += EncodePiece(text[..length], output);
            text = text[length..];
        }

        return count;
    }

    private int EncodePiece(ReadOnlySpan<char> piece, List<int>? output)
    {
        // A UTF-16 unit is at most three bytes, and there are never more tokens than bytes.
        var size = piece.Length * 3;
        var rented = size > StackBytes ? ArrayPool<byte>.Shared.Rent(size) : null;
        try
        {
            Span<byte> buffer = rented ?? stackalloc byte[StackBytes];
            var bytes = buffer[..Encoding.UTF8.GetBytes(piece, buffer)];
            var whole = _vocabulary.RankOf(bytes);
            if (whole == BpeVocabulary.NoRank) return bytes.Length <= CachedPieceBytes ? MergeCached(bytes, output) : MergeOnce(bytes, output);
            output?.Add(whole);
            return 1;
        }
        finally
        {
            if (rented is not null) ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private int MergeCached(ReadOnlySpan<byte> bytes, List<int>? output)
    {
        var hash = default(HashCode);
        hash.AddBytes(bytes);
        ref var slot = ref _cache[hash.ToHashCode() & (_cache.Length - 1)];
        var entry = Volatile.Read(ref slot);
        if (entry is null || !bytes.SequenceEqual(entry.Bytes))
        {
            Span<int> tokens = stackalloc int[CachedPieceBytes];
            entry = new CachedPiece(bytes.ToArray(), tokens[..BpeMerge.Merge(_vocabulary, bytes, tokens)].ToArray());
            Volatile.Write(ref slot, entry);
        }

        output?.AddRange(entry.Tokens);
        return entry.Tokens.Length;
    }

    private int MergeOnce(ReadOnlySpan<byte> bytes, List<int>? output)
    {
        var rented = ArrayPool<int>.Shared.Rent(bytes.Length);
        try
        {
            var count = BpeMerge.Merge(_vocabulary, bytes, rented);
            output?.AddRange(rented.AsSpan(0, count));
            return count;
        }
        finally
        {
            ArrayPool<int>.Shared.Return(rented);
        }
    }

    private sealed record CachedPiece(byte[] Bytes, int[] Tokens);
}
