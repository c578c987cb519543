using AiPlatform.Application.Knowledge.Ingestion;

namespace AiPlatform.Application.Knowledge.Reembeddings;

/// <summary>Where among the chunks of a store one stands.</summary>
public readonly record struct ChunkPlace(Guid File, int Ordinal)
{
    public static readonly ChunkPlace Beginning = new(Guid.Empty, -1);
}

/// <summary>The vectors that are made of a store's chunks. Writes are refused with <see cref="ReembeddingLost"/> when the re-embedding is not the worker's any more.</summary>
public interface IReembeddingVectors
{
    /// <summary>Counts anew how many chunks there are and how many are done.</summary>
    Task CountAsync(ClaimedReembedding work, CancellationToken cancellationToken);

    /// <summary>Chunks of completed files behind this place that have no vector of the new generation, in order.</summary>
    Task<IReadOnlyList<UnembeddedChunk>> NextAsync(ClaimedReembedding work, ChunkPlace after, int most, CancellationToken cancellationToken);

    /// <summary>Notes the dimensions of the new vectors with the first; false when there are others.</summary>
    Task<bool> AgreeOnDimensionsAsync(ClaimedReembedding work, int dimensions, CancellationToken cancellationToken);

    /// <summary>Keeps vectors of the new generation. Those of files that have gone meanwhile are left out.</summary>
    Task SaveAsync(ClaimedReembedding work, int dimensions, IReadOnlyCollection<ChunkVector> vectors, CancellationToken cancellationToken);

    /// <summary>
    /// Has searches use the new generation from now on, and files that are just being ingested go on with it; false when a completed file has not got all of its vectors yet. The old generation is kept until then.
    /// </summary>
    Task<bool> TrySwitchAsync(ClaimedReembedding work, TimeSpan keepPrevious, CancellationToken cancellationToken);
}
