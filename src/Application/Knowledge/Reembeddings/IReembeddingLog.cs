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

/// <summary>Who works on which re-embedding. Writes are refused with <see cref="ReembeddingLost"/> when it is not the worker's any more.</summary>
public interface IReembeddingLog
{
    /// <summary>The one that has waited longest, if any is there to be worked on.</summary>
    /// <param name="owner">Who takes it, as the operator knows the process.</param>
    /// <param name="takesOver">Also what another has held too long.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<ClaimedReembedding?> ClaimAsync(string owner, bool takesOver, CancellationToken cancellationToken);

    /// <summary>Prolongs the lease; false when it is lost.</summary>
    Task<bool> RenewAsync(ClaimedReembedding work, CancellationToken cancellationToken);

    /// <summary>Gives it back; it is tried again after a while.</summary>
    Task PostponeAsync(ClaimedReembedding work, Problem problem, TimeSpan delay, CancellationToken cancellationToken);

    /// <summary>Gives it back at once, as if this attempt had not been.</summary>
    Task ReleaseAsync(ClaimedReembedding work, CancellationToken cancellationToken);

    Task FailAsync(ClaimedReembedding work, Problem problem, CancellationToken cancellationToken);
}
