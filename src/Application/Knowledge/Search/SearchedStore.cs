using AiPlatform.Application.Knowledge.Contracts;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Knowledge;

namespace AiPlatform.Application.Knowledge.Search;

/// <summary>What a search has to know of a store. <c>Dimensions</c> is null as long as it has no vectors.</summary>
public sealed record SearchedStore(VectorStoreId Id, string EmbeddingModel, int? Dimensions, int? ExpiresAfterDays, DateTimeOffset LastActiveAt)
{
    public bool IsExpiredAt(DateTimeOffset now) => ExpiresAfterDays is { } days && LastActiveAt.AddDays(days) <= now;
}

/// <summary>The stores to be searched. Needs no caller: the workspace is said each time.</summary>
public interface ISearchedStores
{
    /// <summary>Those of these that are the workspace's and not deleted, in this order.</summary>
    Task<IReadOnlyList<SearchedStore>> FindAsync(WorkspaceId workspace, IReadOnlyList<VectorStoreId> stores, CancellationToken cancellationToken);

    /// <summary>The completed files of these stores that meet the filter.</summary>
    Task<IReadOnlySet<VectorStoreFileId>> FilesAsync(WorkspaceId workspace, IReadOnlyCollection<VectorStoreId> stores, AttributeFilter filter, CancellationToken cancellationToken);

    /// <summary>Notes that they were used; what has expired stays so.</summary>
    Task TouchAsync(WorkspaceId workspace, IReadOnlyCollection<VectorStoreId> stores, DateTimeOffset now, CancellationToken cancellationToken);
}
