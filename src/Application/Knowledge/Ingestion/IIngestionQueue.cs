using AiPlatform.Domain.Knowledge;

namespace AiPlatform.Application.Knowledge.Ingestion;

/// <summary>The durable queue of files to be ingested: what is in it is done, whatever process dies.</summary>
public interface IIngestionQueue
{
    /// <summary>Saves the changes of this unit of work and enqueues these files, in one transaction.</summary>
    Task SaveAndEnqueueAsync(IReadOnlyCollection<VectorStoreFile> files, CancellationToken cancellationToken);

    /// <summary>
    /// Ends files that are in progress as cancelled, wherever they are worked on, and returns how many were. Nothing of them stays behind but the row.
    /// </summary>
    Task<int> CancelAsync(IReadOnlyCollection<VectorStoreFileId> files, CancellationToken cancellationToken);
}
