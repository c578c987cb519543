using AiPlatform.Application.Knowledge.Search;
using AiPlatform.Application.Knowledge.Search.Analysis;
using AiPlatform.Application.Knowledge.Search.Ranking;
using AiPlatform.Application.Knowledge.Search.Segments;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Knowledge;

namespace AiPlatform.Application.Tests.Knowledge.Search.Lexical;

/// <summary>An index without a database: texts are chunks, each of a file of its own, in as many segments as a test wants.</summary>
internal sealed class MemoryIndex : ILexicalSegments
{
    private readonly TextAnalysis _analysis = new(new PlainStems());
    private readonly Dictionary<long, StoredChunk> _chunks = [];
    private readonly List<SegmentBuilder> _building = [];
    private readonly Dictionary<long, Segment> _segments = [];
    private readonly SegmentCache _cache;

    public MemoryIndex() => _cache = new SegmentCache(this);

    public VectorStoreId Store { get; } = new(Guid.NewGuid());

    /// <summary>Chunks that nobody may find any more, although segments tell of them.</summary>
    public HashSet<long> Gone { get; } = [];

    public IReadOnlyCollection<Segment> Segments => _segments.Values;

    /// <summary>Called before headers are read, once.</summary>
    public Action? BeforeReading { get; set; }

    public VectorStoreFileId FileOf(long chunk) => _chunks[chunk].VectorStoreFileId;

    /// <summary>Adds chunks, numbered from 1, to a new segment.</summary>
    public async Task AddSegmentAsync(params string[] texts)
    {
        var builder = new SegmentBuilder();
        foreach (var text in texts)
        {
            var (words, file, id) = (await _analysis.LearnAsync([text], default), new VectorStoreFileId(Guid.NewGuid()), _chunks.Count + 1L);
            var terms = ChunkTerms.Pack(words.Languages, words.Read([], text));
            _chunks[id] = new StoredChunk(id, Store, file, terms);
            builder.Add(id, file, ChunkTerms.Unpack(terms));
        }

        _building.Add(builder);
        _segments[_building.Count] = builder.Build();
    }

    /// <summary>Puts one segment in the place of all.</summary>
    public void MergeAll()
    {
        var merged = SegmentMerge.Merge([.. _segments.Values], _chunks.Values.Where(chunk => !Gone.Contains(chunk.Id)).Select(chunk => chunk.VectorStoreFileId.Value).ToHashSet());
        var id = _segments.Keys.Max() + 1;
        _segments.Clear();
        if (merged is not null) _segments[id] = merged;
    }

    public Task<LexicalHits> SearchAsync(string text, LexicalWeights? weights = null, IReadOnlySet<VectorStoreFileId>? files = null, int most = 100) =>
        new LexicalSearch(this, _cache, _analysis, weights ?? LexicalWeights.Default).SearchAsync(
            new LexicalQuery { WorkspaceId = default, Stores = [Store], Text = text, Files = files, Most = most, Explain = true }, default);

    public async Task<List<long>> FindAsync(string text) => [.. (await SearchAsync(text)).Hits.Select(hit => hit.ChunkId)];

    public Task<IReadOnlyList<SegmentInfo>> ListAsync(WorkspaceId workspace, IReadOnlyCollection<VectorStoreId> stores, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<SegmentInfo>>([.. _segments.Select(segment => new SegmentInfo(segment.Key, Store, segment.Value.Chunks, segment.Value.Length, segment.Value.Languages))]);

    public Task<IReadOnlyList<StoredHeader>> ReadHeadersAsync(IReadOnlyCollection<long> segments, CancellationToken cancellationToken)
    {
        (BeforeReading, var before) = (null, BeforeReading);
        before?.Invoke();
        return Task.FromResult<IReadOnlyList<StoredHeader>>(
            [.. segments.Where(_segments.ContainsKey).Select(id => new StoredHeader(id, _segments[id].Header, _segments[id].Blocks is [var first, ..] ? first : []))]);
    }

    public Task<IReadOnlyList<StoredBlock>> ReadBlocksAsync(IReadOnlyCollection<BlockKey> blocks, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<StoredBlock>>([.. blocks.Where(key => _segments.ContainsKey(key.Segment)).Select(key => new StoredBlock(key, _segments[key.Segment].Blocks[key.Block]))]);

    public Task<IReadOnlyList<StoredChunk>> ReadChunksAsync(
        WorkspaceId workspace, IReadOnlyCollection<VectorStoreId> stores, IReadOnlyCollection<long> chunks, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<StoredChunk>>([.. chunks.Where(id => !Gone.Contains(id)).Select(id => _chunks[id])]);
}
