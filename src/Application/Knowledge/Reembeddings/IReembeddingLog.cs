using AiPlatform.Application.Knowledge.Ingestion;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Knowledge;

namespace AiPlatform.Application.Knowledge.Reembeddings;

/// <summary>A re-embedding that this process holds for now.</summary>
public sealed record ClaimedReembedding
{
    public required ReembeddingId Id { get; init; }
    public required WorkspaceId WorkspaceId { get; init; }
    public required VectorStoreId VectorStoreId { get; init; }
    public required int Generation { get; init; }
    public required string EmbeddingModel { get; init; }
    public required int? Dimensions { get; init; }

    /// <summary>Whatever is written under another epoch than the row's is refused.</summary>
    public required int Epoch { get; init; }

    /// <summary>How often it has been begun since it last came on, this time included.</summary>
    public required int Attempts { get; init; }
}

/// <summary>It is in other hands, cancelled, or its store was deleted: whoever worked on it stops, and writes nothing any more.</summary>
public sealed class ReembeddingLost(Exception? inner = null) : Exception("The re-embedding is in other hands.", inner);

/// <summary>Where among the chunks of a store one stands.</summary>
public readonly record struct ChunkPlace(Guid File, int Ordinal)
{
    public static readonly ChunkPlace Beginning = new(Guid.Empty, -1);
}

/// <summary>Some chunks without a vector of the new generation, and the place of the last.</summary>
public sealed record UnembeddedChunks(IReadOnlyList<UnembeddedChunk> Chunks, ChunkPlace Last);

/// <summary>Who works on which re-embedding, and the vectors that are made. Writes are refused with <see cref="ReembeddingLost"/> when it is not the worker's any more.</summary>
public interface IReembeddingLog
{
    /// <summary>The one that has waited longest, if any is there to be worked on.</summary>
    /// <param name="owner">Who takes it, as the operator knows the process.</param>
    /// <param name="takesOver">Also what another has held too long.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<ClaimedReembedding?> ClaimAsync(string owner, bool takesOver, CancellationToken cancellationToken);

    /// <summary>Prolongs the lease; false when it is lost.</summary>
    Task<bool> RenewAsync(ClaimedReembedding work, CancellationToken cancellationToken);

    /// <summary>Counts anew how many chunks there are and how many are done.</summary>
    Task CountAsync(ClaimedReembedding work, CancellationToken cancellationToken);

    /// <summary>Chunks of completed files behind this place that have no vector of the new generation, in order.</summary>
    Task<UnembeddedChunks> NextAsync(ClaimedReembedding work, ChunkPlace after, int most, CancellationToken cancellationToken);

    /// <summary>Notes the dimensions of the new vectors with the first; false when there are others.</summary>
    Task<bool> AgreeOnDimensionsAsync(ClaimedReembedding work, int dimensions, CancellationToken cancellationToken);

    /// <summary>Keeps vectors of the new generation. Those of files that have gone meanwhile are left out.</summary>
    Task SaveAsync(ClaimedReembedding work, int dimensions, IReadOnlyCollection<ChunkVector> vectors, CancellationToken cancellationToken);

    /// <summary>
    /// Has searches use the new generation from now on, and files that are just being ingested go on with it; false when a completed file has not got all of its vectors yet. The old generation is kept until then.
    /// </summary>
    Task<bool> TrySwitchAsync(ClaimedReembedding work, TimeSpan keepPrevious, CancellationToken cancellationToken);

    /// <summary>Gives it back; it is tried again after a while.</summary>
    Task PostponeAsync(ClaimedReembedding work, Problem problem, TimeSpan delay, CancellationToken cancellationToken);

    /// <summary>Gives it back at once, as if this attempt had not been.</summary>
    Task ReleaseAsync(ClaimedReembedding work, CancellationToken cancellationToken);

    Task FailAsync(ClaimedReembedding work, Problem problem, CancellationToken cancellationToken);

    /// <summary>Clears away some vectors of a generation that nobody goes back to any more; false when there were none.</summary>
    Task<bool> ClearAsync(CancellationToken cancellationToken);
}
