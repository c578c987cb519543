namespace AiPlatform.Application.Knowledge.Search.Segments;

/// <summary>Opens segments for searches. What was read lately is at hand: segments never change.</summary>
internal sealed class SegmentCache(ILexicalSegments store)
{
    private const long MostOfHeaders = 64 << 20;
    private const long MostOfBlocks = 96 << 20;
    private const int Overhead = 120;

    private readonly BoundedCache<long, SegmentHeader> _headers = new(MostOfHeaders);
    private readonly BoundedCache<BlockKey, byte[]> _blocks = new(MostOfBlocks);

    /// <summary>These segments, with all that is needed to look these terms up; null when one of them is gone by now, merged with others.</summary>
    public async Task<IReadOnlyList<OpenSegment>?> OpenAsync(IReadOnlyList<SegmentInfo> infos, IReadOnlyCollection<long> terms, CancellationToken cancellationToken)
    {
        var segments = new List<OpenSegment>(infos.Count);
        // First blocks that came with headers: at hand whatever the cache does.
        var fresh = new Dictionary<BlockKey, byte[]>();
        var headers = await HeadersAsync(infos, fresh, cancellationToken);
        foreach (var info in infos)
        {
            if (!headers.TryGetValue(info.Id, out var header)) return null;
            segments.Add(new OpenSegment(info, header));
        }

        return await LoadAsync(segments, terms, fresh, cancellationToken) ? segments : null;
    }

    /// <summary>Makes further terms ready to be looked up; false when a segment is gone.</summary>
    public Task<bool> LoadAsync(IReadOnlyList<OpenSegment> segments, IReadOnlyCollection<long> terms, CancellationToken cancellationToken) =>
        LoadAsync(segments, terms, [], cancellationToken);

    private async Task<bool> LoadAsync(IReadOnlyList<OpenSegment> segments, IReadOnlyCollection<long> terms, Dictionary<BlockKey, byte[]> fresh, CancellationToken cancellationToken)
    {
        var missing = new Dictionary<BlockKey, OpenSegment>();
        foreach (var segment in segments)
        {
            foreach (var term in terms)
            {
                var block = segment.Header.BlockOf(term);
                var key = new BlockKey(segment.Info.Id, block);
                if (block < 0 || segment.Has(block)) continue;
                if (_blocks.TryGet(key, out var payload) || fresh.TryGetValue(key, out payload)) segment.Take(block, payload);
                else missing[key] = segment;
            }
        }

        if (missing.Count == 0) return true;
        foreach (var (key, payload) in await store.ReadBlocksAsync(missing.Keys, cancellationToken))
        {
            if (!missing.Remove(key, out var segment)) continue;
            segment.Take(key.Block, payload);
            _blocks.Add(key, payload, payload.Length + Overhead);
        }

        return missing.Count == 0;
    }

    private async Task<Dictionary<long, SegmentHeader>> HeadersAsync(IReadOnlyList<SegmentInfo> infos, Dictionary<BlockKey, byte[]> fresh, CancellationToken cancellationToken)
    {
        var (known, unknown) = (new Dictionary<long, SegmentHeader>(infos.Count), new List<long>());
        foreach (var info in infos)
        {
            if (_headers.TryGet(info.Id, out var header)) known[info.Id] = header;
            else unknown.Add(info.Id);
        }

        if (unknown.Count == 0) return known;
        foreach (var (id, packed, firstBlock) in await store.ReadHeadersAsync(unknown, cancellationToken))
        {
            var (header, key) = (SegmentHeader.Unpack(packed), new BlockKey(id, 0));
            known[id] = header;
            fresh[key] = firstBlock;
            _headers.Add(id, header, header.Bytes);
            _blocks.Add(key, firstBlock, firstBlock.Length + Overhead);
        }

        return known;
    }
}
