using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Knowledge;

namespace AiPlatform.Application.Knowledge.Search.Segments;

/// <summary>Reads segments and the chunks they are of.</summary>
public interface ILexicalSegments
{
    /// <summary>Those that together are the index of these stores at this moment.</summary>
    Task<IReadOnlyList<SegmentInfo>> ListAsync(WorkspaceId workspace, IReadOnlyCollection<VectorStoreId> stores, CancellationToken cancellationToken);

    /// <summary>Of those that are still there.</summary>
    Task<IReadOnlyList<StoredHeader>> ReadHeadersAsync(IReadOnlyCollection<long> segments, CancellationToken cancellationToken);

    /// <summary>Of those that are still there.</summary>
    Task<IReadOnlyList<StoredBlock>> ReadBlocksAsync(IReadOnlyCollection<BlockKey> blocks, CancellationToken cancellationToken);

    /// <summary>Of these chunks those that may be found: of completed files of these stores.</summary>
    Task<IReadOnlyList<StoredChunk>> ReadChunksAsync(WorkspaceId workspace, IReadOnlyCollection<VectorStoreId> stores, IReadOnlyCollection<long> chunks, CancellationToken cancellationToken);
}

/// <summary>A segment's header, and its first block: of a small one that is all there is.</summary>
public sealed record StoredHeader(long Segment, byte[] Header, byte[] FirstBlock);

public readonly record struct BlockKey(long Segment, int Block);

public sealed record StoredBlock(BlockKey Key, byte[] Payload);

public sealed record StoredChunk(long Id, VectorStoreId VectorStoreId, VectorStoreFileId VectorStoreFileId, byte[] Terms);
