using AiPlatform.Domain.Common;
using AiPlatform.Domain.Identity;

namespace AiPlatform.Domain.Knowledge;

/// <summary>Files that were attached to a vector store together. Its state is that of its files.</summary>
public sealed class FileBatch : IBelongToWorkspace
{
    private FileBatch()
    {
    }

    public FileBatchId Id { get; private set; }
    public WorkspaceId WorkspaceId { get; private set; }
    public VectorStoreId VectorStoreId { get; private set; }
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>Set when it was cancelled before all its files were done.</summary>
    public DateTimeOffset? CancelledAt { get; private set; }

    public static FileBatch Create(VectorStore store, DateTimeOffset now) =>
        new() { Id = Ids.New<FileBatchId>(now), WorkspaceId = store.WorkspaceId, VectorStoreId = store.Id, CreatedAt = now };

    public void Cancel(DateTimeOffset now) => CancelledAt ??= now;
}
