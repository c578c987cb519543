using AiPlatform.Application.Knowledge.Chunking;
using AiPlatform.Domain.Knowledge;

namespace AiPlatform.Application.Knowledge.Ingestion;

/// <summary>
/// Texts, chunks and vectors of files. Writes are refused with <see cref="FileLost"/> when the file is not the worker's any more. The last write of a step is also the beginning of the
/// next: in one transaction, because most files are small, and what they cost is transactions.
/// </summary>
public interface IChunkStore
{
    /// <summary>Null when the file has no text yet, or one of another version of the parser.</summary>
    Task<byte[]?> FindTextAsync(ClaimedFile file, int parserVersion, CancellationToken cancellationToken);

    /// <summary>Returns the file as it is now: to be cut into chunks.</summary>
    Task<ClaimedFile> SaveTextAsync(ClaimedFile file, FileText text, CancellationToken cancellationToken);

    /// <summary>Puts these chunks in the place of what the file had. Returns the file as it is now, to be embedded; null, and all is as it was, when there are none.</summary>
    Task<ClaimedFile?> ReplaceChunksAsync(ClaimedFile file, IEnumerable<DocumentChunk> chunks, CancellationToken cancellationToken);

    /// <summary>Chunks after this place that have no vector yet, in order.</summary>
    Task<IReadOnlyList<UnembeddedChunk>> NextWithoutVectorAsync(ClaimedFile file, int after, int most, CancellationToken cancellationToken);

    /// <summary>Gives these chunks the vectors that equal ones of the workspace have from the same model; returns those that had one.</summary>
    Task<IReadOnlySet<long>> ReuseVectorsAsync(ClaimedFile file, int dimensions, IReadOnlyCollection<long> chunks, CancellationToken cancellationToken);

    /// <summary>Notes the dimensions of the store's vectors with its first; false when it has others.</summary>
    Task<bool> AgreeOnDimensionsAsync(ClaimedFile file, int dimensions, CancellationToken cancellationToken);

    /// <summary>Keeps vectors until all of the file are there, and notes how much that is, from 0 to 1. With 1 the file is to be indexed. Returns it as it is now.</summary>
    Task<ClaimedFile> SaveVectorsAsync(ClaimedFile file, IReadOnlyCollection<ChunkVector> vectors, double progress, CancellationToken cancellationToken);

    Task<VectorCount> CountAsync(ClaimedFile file, CancellationToken cancellationToken);

    /// <summary>Moves up to so many vectors into the store's index, and notes how much of the file is there, from 0 to 1. With 1 the file is to be switched to. Returns it as it is now.</summary>
    Task<ClaimedFile> MoveToIndexAsync(ClaimedFile file, int dimensions, int most, double progress, CancellationToken cancellationToken);
}

public sealed record UnembeddedChunk(long Id, Guid File, int Ordinal, byte[] Hash, string EmbeddedText, int Tokens);

public readonly record struct ChunkVector(long ChunkId, ReadOnlyMemory<float> Vector);

/// <summary>How many chunks a file has, and for how many of them vectors wait for the index.</summary>
public readonly record struct VectorCount(int Chunks, int Waiting);
