namespace AiPlatform.Application.Knowledge.Search.Segments;

/// <summary>Takes terms in order, and begins a new block where one is full.</summary>
internal sealed class BlockWriter
{
    // A row of this size stays within its page; a term that is more common than that has a block of its own.
    private const int FullBlock = 1800;

    private readonly ByteWriter _block = new(FullBlock * 2);
    private long _last;

    public List<byte[]> Blocks { get; } = [];
    public List<long> FirstTerms { get; } = [];

    public void Add(long term, int count, ReadOnlySpan<byte> postings)
    {
        if (_block.Length > 0 && _block.Length + postings.Length + 16 > FullBlock) Close();
        if (_block.Length == 0)
        {
            FirstTerms.Add(term);
            _last = 0;
        }

        _block.Number(term - _last);
        _block.Number(count);
        _block.Number(postings.Length);
        _block.Bytes(postings);
        _last = term;
    }

    public void Close()
    {
        if (_block.Length == 0) return;
        Blocks.Add(_block.ToArray());
        _block.Clear();
    }
}
