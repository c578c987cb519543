namespace AiPlatform.Application.Knowledge.Search.Segments;

/// <summary>Terms in order, each with its postings: the distance from the term before, how many chunks, how many bytes, and these.</summary>
internal ref struct TermBlock(ReadOnlySpan<byte> bytes)
{
    private ByteReader _reader = new(bytes);

    public long Term { get; private set; }

    public int Count { get; private set; }

    /// <summary>Where the term's postings begin in the block.</summary>
    public int Start { get; private set; }

    /// <summary>As they are written.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    public readonly Postings Postings => new(Bytes, Count);

    public bool MoveNext()
    {
        if (_reader.IsAtEnd) return false;
        Term += _reader.Number();
        Count = _reader.Int();
        var length = _reader.Int();
        Start = _reader.At;
        Bytes = _reader.Bytes(length);
        return true;
    }

    /// <summary>Goes on to a term; false when it is not here.</summary>
    public bool MoveTo(long term)
    {
        while (MoveNext())
        {
            if (Term >= term) return Term == term;
        }

        return false;
    }
}
