namespace AiPlatform.Application.Knowledge.Search.Segments;

/// <summary>A segment with those of its blocks that a search needs.</summary>
internal sealed class OpenSegment(SegmentInfo info, SegmentHeader header)
{
    private readonly Dictionary<int, byte[]> _blocks = [];

    public SegmentInfo Info { get; } = info;
    public SegmentHeader Header { get; } = header;

    public bool Has(int block) => _blocks.ContainsKey(block);

    public void Take(int block, byte[] payload) => _blocks[block] = payload;

    /// <summary>Where a term occurs; nothing where it does not, or its block was not asked for.</summary>
    public TermPostings Find(long term)
    {
        if (!_blocks.TryGetValue(Header.BlockOf(term), out var payload)) return default;
        var block = new TermBlock(payload);
        return block.MoveTo(term) ? new TermPostings(payload, block.Start, block.Bytes.Length, block.Count) : default;
    }
}

/// <summary>A stretch of a block: the postings of a term.</summary>
internal readonly record struct TermPostings(byte[]? Block, int Start, int Length, int Count)
{
    public Postings Read() => new(Block.AsSpan(Start, Length), Count);
}
