using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Knowledge;

namespace AiPlatform.Application.Knowledge.Files;

/// <summary>Takes files out of sight, and in the same transaction out of all vector stores, with all that was made of them there.</summary>
public interface IFileRemoval
{
    Task<HiddenFiles> HideAsync(WorkspaceId workspace, FileId file, CancellationToken cancellationToken);

    /// <summary>Up to <paramref name="most"/> files of all workspaces whose time is over.</summary>
    Task<HiddenFiles> HideExpiredAsync(DateTimeOffset now, int most, CancellationToken cancellationToken);
}

/// <summary>How many files were hidden (those that were before do not count), and the vector stores that had them.</summary>
public sealed record HiddenFiles(int Count, IReadOnlyCollection<VectorStoreId> Stores);
