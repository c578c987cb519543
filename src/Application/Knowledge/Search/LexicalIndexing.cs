using AiPlatform.Application.Knowledge.Ingestion;
using AiPlatform.Application.Knowledge.Search.Segments;
using AiPlatform.Domain.Knowledge;

namespace AiPlatform.Application.Knowledge.Search;

/// <summary>Brings the terms of a file's chunks into the index, where nobody sees them until the file is completed.</summary>
internal sealed class LexicalIndexing(ILexicalIndex index)
{
    private const int Slice = 1000;

    public async Task IndexAsync(ClaimedFile file, CancellationToken cancellationToken)
    {
        var segments = new Segmenting(file.Id);
        for (var after = -1; await index.ReadTermsAsync(file.Id, after, Slice, cancellationToken) is { Count: > 0 } chunks; after = chunks[^1].Ordinal)
        {
            // Cut by an older version, which is still running beside us: the file is indexed when it is completed.
            if (chunks.Any(chunk => chunk.Terms is null)) return;
            segments.Add(chunks);
            if (chunks.Count < Slice) break;
        }

        await index.SaveAsync(file, segments.Complete(), cancellationToken);
    }
}

/// <summary>Makes segments of a file's chunks, as many as it needs.</summary>
internal sealed class Segmenting(VectorStoreFileId file)
{
    private readonly List<Segment> _segments = [];
    private SegmentBuilder _builder = new();

    public void Add(IReadOnlyList<TermsOfChunk> chunks)
    {
        foreach (var chunk in chunks)
        {
            _builder.Add(chunk.Id, file, ChunkTerms.Unpack(chunk.Terms));
            if (_builder.Count == MergePlan.Full) Close();
        }
    }

    public IReadOnlyList<Segment> Complete()
    {
        if (_builder.Count > 0) Close();
        return _segments;
    }

    private void Close()
    {
        _segments.Add(_builder.Build());
        _builder = new SegmentBuilder();
    }
}
