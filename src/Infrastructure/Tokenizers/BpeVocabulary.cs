using System.Buffers.Binary;
using System.IO.Compression;
using System.Numerics;

namespace AiPlatform.Infrastructure.Tokenizers;

/// <summary>
/// The tokens of an encoding and their ranks, which are also their ids. All bytes lie in one array behind an open-addressing
/// table of ranks: a dictionary of 200,000 small arrays would take ten times the memory.
/// </summary>
internal sealed class BpeVocabulary
{
    public const int NoRank = int.MaxValue;

    private readonly byte[] _bytes;
    private readonly int[] _starts;
    private readonly int[] _slots;
    private readonly Dictionary<int, byte[]> _specials = [];

    private BpeVocabulary(byte[] packed)
    {
        var count = BinaryPrimitives.ReadInt32LittleEndian(packed);
        _bytes = new byte[packed.Length];
        _starts = new int[count + 1];
        var at = 4;
        for (var rank = 0; rank < count; rank++)
        {
            var length = packed[at++];
            packed.AsSpan(at, length).CopyTo(_bytes.AsSpan(_starts[rank]));
            _starts[rank + 1] = _starts[rank] + length;
            LongestToken = Math.Max(LongestToken, length);
            at += length;
        }

        Array.Resize(ref _bytes, _starts[count]);
        ReadSpecials(packed.AsSpan(at));

        // At most half full, so that a miss, the usual case while merging, ends after a step or two.
        _slots = new int[(int)BitOperations.RoundUpToPowerOf2((uint)count * 2)];
        for (var rank = 0; rank < count; rank++)
        {
            var slot = Hash(TokenOf(rank)) & (_slots.Length - 1);
            while (_slots[slot] != 0) slot = (slot + 1) & (_slots.Length - 1);
            _slots[slot] = rank + 1;
        }
    }

    public int LongestToken { get; }

    /// <summary>Reads the packed table that the build embeds under <paramref name="name"/>.</summary>
    public static BpeVocabulary Load(string name)
    {
        using var resource = typeof(BpeVocabulary).Assembly.GetManifestResourceStream($"{name}.bpe.br")
            ?? throw new InvalidOperationException($"The rank table '{name}' is not in this assembly; build the Infrastructure project again.");
        using var brotli = new BrotliStream(resource, CompressionMode.Decompress);
        using var packed = new MemoryStream();
        brotli.CopyTo(packed);
        return new BpeVocabulary(packed.ToArray());
    }

    /// <summary>The rank of exactly these bytes, or <see cref="NoRank"/>.</summary>
    public int RankOf(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > LongestToken) return NoRank;
        for (var slot = Hash(bytes) & (_slots.Length - 1); _slots[slot] != 0; slot = (slot + 1) & (_slots.Length - 1))
        {
            var rank = _slots[slot] - 1;
            if (TokenOf(rank).SequenceEqual(bytes)) return rank;
        }

        return NoRank;
    }

    /// <summary>The bytes of a token id, special tokens included.</summary>
    public bool TryGetBytes(int id, out ReadOnlySpan<byte> bytes)
    {
        if (id >= 0 && id < _starts.Length - 1)
        {
            bytes = TokenOf(id);
            return true;
        }

        var known = _specials.TryGetValue(id, out var special);
        bytes = special;
        return known;
    }

    private ReadOnlySpan<byte> TokenOf(int rank) => _bytes.AsSpan(_starts[rank], _starts[rank + 1] - _starts[rank]);

    private void ReadSpecials(ReadOnlySpan<byte> packed)
    {
        var count = BinaryPrimitives.ReadInt32LittleEndian(packed);
        packed = packed[4..];
        for (; count > 0; count--)
        {
            var length = packed[4];
            _specials[BinaryPrimitives.ReadInt32LittleEndian(packed)] = packed.Slice(5, length).ToArray();
            packed = packed[(5 + length)..];
        }
    }

    private static int Hash(ReadOnlySpan<byte> bytes)
    {
        var hash = 2166136261u;
        foreach (var b in bytes) hash = (hash ^ b) * 16777619u;
        return (int)(hash ^ (hash >> 15));
    }
}
