namespace AiPlatform.Application.Knowledge.Search.Segments;

/// <summary>
/// In which chunks of a segment a term occurs, by their places, and how often. A place is written as the distance from the one before, doubled; where it is even, the term occurs once there and
/// nothing more is said.
/// </summary>
internal ref struct Postings(ReadOnlySpan<byte> bytes, int count)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _at;
    private int _left = count;

    public int Count { get; } = count;

    /// <summary>The chunk's place in the segment.</summary>
    public int Place { get; private set; } = -1;

    /// <summary>How often the term occurs there, weighted.</summary>
    public int Frequency { get; private set; }

    public bool MoveNext()
    {
        if (_left == 0) return false;
        _left--;
        var next = Number();
        Place += (int)(next >> 1) + 1;
        Frequency = (next & 1) == 0 ? 1 : (int)Number() + 2;
        return true;
    }

    public static void Write(ByteWriter to, int distance, int frequency)
    {
        to.Number(((long)(distance - 1) << 1) | (frequency > 1 ? 1L : 0));
        if (frequency > 1) to.Number(frequency - 2);
    }

    private uint Number()
    {
        uint next = _bytes[_at++];
        if (next < 0x80) return next;
        var value = next & 0x7F;
        for (var shift = 7; ; shift += 7)
        {
            next = _bytes[_at++];
            value |= (next & 0x7F) << shift;
            if (next < 0x80) return value;
        }
    }
}
