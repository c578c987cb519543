using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Knowledge;

namespace AiPlatform.Application.Knowledge.Search.Segments;

/// <summary>What merging segments needs. It works for all workspaces: a store comes with its own.</summary>
public interface ISegmentMerging
{
    /// <summary>Stores with so many small segments that they are worth merging, or with files that are gone.</summary>
    Task<IReadOnlyList<MergeableStore>> FindStoresAsync(int segments, CancellationToken cancellationToken);

    /// <summary>The segments of what is completed.</summary>
    Task<IReadOnlyList<MergeableSegment>> ListAsync(VectorStoreId store, CancellationToken cancellationToken);

    /// <summary>All of these segments; null when one is gone.</summary>
    Task<IReadOnlyList<Segment>?> ReadAsync(IReadOnlyList<long> segments, CancellationToken cancellationToken);

    /// <summary>Of these files those that are still there.</summary>
    Task<IReadOnlySet<Guid>> AliveAsync(IReadOnlyCollection<Guid> files, CancellationToken cancellationToken);

    /// <summary>Puts one segment in the place of several, all at once; null puts none there. False, and nothing is changed, when one of them is gone by now.</summary>
    Task<bool> ReplaceAsync(MergeableStore store, IReadOnlyList<long> segments, Segment? by, CancellationToken cancellationToken);

    /// <summary>The files of a store that are gone, and how many chunks they had.</summary>
    Task<IReadOnlyDictionary<Guid, int>> GoneAsync(VectorStoreId store, CancellationToken cancellationToken);

    /// <summary>No segment tells of these any more.</summary>
    Task ForgetAsync(IReadOnlyCollection<Guid> files, CancellationToken cancellationToken);
}

public sealed record MergeableStore(WorkspaceId WorkspaceId, VectorStoreId VectorStoreId);

/// <summary>A segment, and how large it is. One of a single file goes with that file.</summary>
public sealed record MergeableSegment(long Id, int Chunks, bool IsOfOneFile);
