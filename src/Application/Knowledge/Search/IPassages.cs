using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Knowledge;

namespace AiPlatform.Application.Knowledge.Search;

/// <summary>Where chunks stand and what they say, of files that searches may see.</summary>
public interface IPassages
{
    /// <summary>Those of these that may be seen now.</summary>
    Task<IReadOnlyList<PassagePlace>> LocateAsync(WorkspaceId workspace, IReadOnlyCollection<VectorStoreId> stores, IReadOnlyCollection<long> chunks, CancellationToken cancellationToken);

    /// <summary>The same with their texts, all as they are at one moment.</summary>
    Task<IReadOnlyList<Passage>> ReadAsync(WorkspaceId workspace, IReadOnlyCollection<VectorStoreId> stores, IReadOnlyCollection<long> chunks, CancellationToken cancellationToken);
}

/// <summary>A chunk: number <c>Ordinal</c> of a file in a store, and a stretch of the file's text. <c>SpaceBefore</c> is the white space between it and the chunk before; null where nobody knows it.</summary>
public sealed record PassagePlace(long ChunkId, VectorStoreId Store, VectorStoreFileId StoreFile, FileId File, int Ordinal, int Start, int End, string? SpaceBefore)
{
    /// <summary>Whether the two, read together, are a stretch of the text as well.</summary>
    public bool IsFollowedBy(PassagePlace next) =>
        next.StoreFile == StoreFile && next.Ordinal == Ordinal + 1 && (next.Start <= End || next.SpaceBefore?.Length == next.Start - End);
}

public sealed record Passage
{
    public required PassagePlace Place { get; init; }
    public required string Filename { get; init; }
    public required string Attributes { get; init; }
    public required string Content { get; init; }
    public required IReadOnlyList<string> Headings { get; init; }
    public required int FirstPage { get; init; }

    /// <summary>Page and position, one after the other, of each page that begins within.</summary>
    public required IReadOnlyList<int> PageStarts { get; init; }
}
