namespace AiPlatform.Application.Knowledge.Search.Segments;

/// <summary>Writes numbers in as many bytes as they need, seven bits in each.</summary>
internal sealed class ByteWriter(int capacity = 256)
{
    private byte[] _bytes = new byte[capacity];

    public int Length { get; private set; }

    public void Byte(byte value)
    {
        Reserve(1);
        _bytes[Length++] = value;
    }

    public void Number(long value)
    {
        Reserve(10);
        var left = (ulong)value;
        for (; left >= 0x80; left >>= 7) _bytes[Length++] = (byte)(left | 0x80);
        _bytes[Length++] = (byte)left;
    }

    /// <summary>A number that may be negative; small ones are short on either side.</summary>
    public void Signed(long value) => Number((value << 1) ^ (value >> 63));

    public void Bytes(ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(Length));
        Length += bytes.Length;
    }

    public void Clear() => Length = 0;

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public byte[] ToArray() => Written.ToArray();

    private void Reserve(int more)
    {
        if (Length + more > _bytes.Length) Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + more));
    }
}

/// <summary>Reads what <see cref="ByteWriter"/> wrote.</summary>
internal ref struct ByteReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    public int At { get; private set; }

    public readonly bool IsAtEnd => At >= _bytes.Length;

    public byte Byte() => _bytes[At++];

    public long Number()
    {
        var (value, shift) = (0UL, 0);
        while (true)
        {
            var next = _bytes[At++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80) return (long)value;
            shift += 7;
        }
    }

    public int Int() => checked((int)Number());

    public long Signed()
    {
        var value = Number();
        return (long)((ulong)value >> 1) ^ -(value & 1);
    }

    public ReadOnlySpan<byte> Bytes(int count)
    {
        var bytes = _bytes.Slice(At, count);
        At += count;
        return bytes;
    }
}
