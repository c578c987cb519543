using AiPlatform.Application.Knowledge.Ingestion;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Knowledge;

namespace AiPlatform.Application.Knowledge.Search.Segments;

/// <summary>Writes segments. What a worker writes is refused with <see cref="FileLost"/> when the file is not the worker's any more.</summary>
public interface ILexicalIndex
{
    /// <summary>The chunks of a file after this place with their terms, in order; none where one has no terms of this version.</summary>
    Task<IReadOnlyList<TermsOfChunk>> ReadTermsAsync(VectorStoreFileId file, int after, int most, CancellationToken cancellationToken);

    /// <summary>Puts these segments in the place of those that the file had.</summary>
    Task SaveAsync(ClaimedFile file, IReadOnlyList<Segment> segments, CancellationToken cancellationToken);

    /// <summary>Completed files that are not in the index, as an older version left them.</summary>
    Task<IReadOnlyList<UnreadFile>> UnreadAsync(int most, CancellationToken cancellationToken);

    /// <summary>The chunks of a file after this place, in order.</summary>
    Task<IReadOnlyList<TextOfChunk>> ReadTextsAsync(VectorStoreFileId file, int after, int most, CancellationToken cancellationToken);

    /// <summary>Brings a completed file into the index; nothing when it is gone by now, or somebody else was faster.</summary>
    Task AddAsync(UnreadFile file, IReadOnlyCollection<TermsOfChunk> chunks, IReadOnlyList<Segment> segments, CancellationToken cancellationToken);
}

public sealed record TermsOfChunk(long Id, int Ordinal, byte[]? Terms);

public sealed record TextOfChunk(long Id, int Ordinal, string Content, IReadOnlyList<string> Headings);

public sealed record UnreadFile(VectorStoreFileId Id, WorkspaceId WorkspaceId, VectorStoreId VectorStoreId);
