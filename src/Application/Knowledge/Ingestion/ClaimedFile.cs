using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Knowledge;

namespace AiPlatform.Application.Knowledge.Ingestion;

/// <summary>A file of a vector store that this process holds for now, and what there is to know of it.</summary>
public sealed record ClaimedFile
{
    public required VectorStoreFileId Id { get; init; }
    public required WorkspaceId WorkspaceId { get; init; }
    public required VectorStoreId VectorStoreId { get; init; }
    public required FileId FileId { get; init; }
    public required string Filename { get; init; }

    /// <summary>Whatever is written under another epoch than the row's is refused.</summary>
    public required int Epoch { get; init; }

    public required IngestionStep Step { get; init; }

    /// <summary>How often the step has been begun, this time included.</summary>
    public required int Attempts { get; init; }

    /// <summary>How many processes died over it since it last came on.</summary>
    public required int Crashes { get; init; }

    public required ChunkingStrategy Chunking { get; init; }
    public required string EmbeddingModel { get; init; }

    /// <summary>Of the store's vectors; null as long as it has none.</summary>
    public required int? Dimensions { get; init; }

    /// <summary>Which of the store's generations of vectors its own belong to.</summary>
    public required int Generation { get; init; }

    public required FileId? Replaces { get; init; }

    /// <summary>When it was attached, to say how long it took.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    public string StorageKey => StoredFile.KeyOf(WorkspaceId, FileId.Value);
}

/// <summary>The file is in other hands, cancelled or deleted: whoever worked on it stops, and writes nothing any more.</summary>
public sealed class FileLost(Exception? inner = null) : Exception("The file is in other hands.", inner);
