using AiPlatform.Application.Knowledge.Contracts;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Knowledge;

namespace AiPlatform.Application.Knowledge.Search;

/// <summary>Finds the chunks whose vectors are nearest, among those that searches may see.</summary>
public interface IVectorSearch
{
    Task<IReadOnlyList<VectorHit>> FindAsync(VectorQuery query, CancellationToken cancellationToken);

    /// <summary>How near these chunks are, wherever they rank; one without a vector is left out.</summary>
    Task<IReadOnlyList<VectorHit>> CompareAsync(WorkspaceId workspace, IReadOnlyList<VectorTarget> targets, IReadOnlyCollection<long> chunks, CancellationToken cancellationToken);
}

/// <summary>The <c>Most</c> nearest of each store to each vector.</summary>
public sealed record VectorQuery(WorkspaceId WorkspaceId, IReadOnlyList<VectorTarget> Targets, AttributeFilter? Filter, int Most);

/// <summary>A store, and what is looked for in it: a vector of its dimensions for each of the queries.</summary>
public sealed record VectorTarget(VectorStoreId Store, int Dimensions, IReadOnlyList<float[]> Vectors);

/// <summary><c>Similarity</c> is the cosine of the angle between the two.</summary>
public readonly record struct VectorHit(VectorStoreId Store, int Query, long ChunkId, double Similarity);
