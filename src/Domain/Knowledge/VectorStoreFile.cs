using AiPlatform.Domain.Common;
using AiPlatform.Domain.Identity;

namespace AiPlatform.Domain.Knowledge;

public enum VectorStoreFileStatus
{
    InProgress,
    Completed,
    Failed,
    Cancelled,
}

/// <summary>What has to be done for a file to be found, in this order.</summary>
public enum IngestionStep
{
    /// <summary>Reading its text, with pages.</summary>
    Extract,

    /// <summary>Cutting the text into chunks.</summary>
    Chunk,

    /// <summary>A vector for each chunk.</summary>
    Embed,

    /// <summary>Chunks and vectors into the indexes, where nobody sees them yet.</summary>
    Index,

    /// <summary>All of it seen at once, and what it replaces gone.</summary>
    Switch,
}

/// <summary>A file in a vector store, and how far its ingestion has come. Searches see its chunks when it is completed, and not before.</summary>
public sealed class VectorStoreFile : IBelongToWorkspace
{
    private VectorStoreFile()
    {
    }

    public VectorStoreFileId Id { get; private set; }
    public WorkspaceId WorkspaceId { get; private set; }
    public VectorStoreId VectorStoreId { get; private set; }
    public FileId FileId { get; private set; }
    public FileBatchId? BatchId { get; private set; }

    /// <summary>The API's attributes, a flat JSON object.</summary>
    public string Attributes { get; private set; } = "{}";

    public int MaxChunkTokens { get; private set; }
    public int ChunkOverlapTokens { get; private set; }
    public VectorStoreFileStatus Status { get; private set; }

    /// <summary>The step that is next, running, or failed.</summary>
    public IngestionStep Step { get; private set; }

    /// <summary>How much of the step is done, from 0 to 1.</summary>
    public double Progress { get; private set; }

    /// <summary>How often the step has been begun.</summary>
    public int Attempts { get; private set; }

    /// <summary>Set while it waits for another attempt.</summary>
    public DateTimeOffset? NextRetryAt { get; private set; }

    /// <summary>Why it failed, or why the last attempt did: one of the API's codes, and a sentence.</summary>
    public string? ErrorCode { get; private set; }

    public string? ErrorMessage { get; private set; }

    /// <summary>The process that works on it, as the operator knows it, and until when it may. Whoever takes it over raises the epoch.</summary>
    public string? Owner { get; private set; }

    public DateTimeOffset? LeaseUntil { get; private set; }
    public int Epoch { get; private set; }

    public int ChunkCount { get; private set; }
    public long UsageBytes { get; private set; }

    /// <summary>The file of the same store whose place it takes when it is completed.</summary>
    public FileId? ReplacesFileId { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }
    public DateTimeOffset UpdatedAt { get; private set; }

    public static VectorStoreFile Attach(
        VectorStore store, FileId file, string attributes, ChunkingStrategy chunking, FileBatchId? batch, FileId? replaces, DateTimeOffset now) => new()
    {
        Id = Ids.New<VectorStoreFileId>(now),
        WorkspaceId = store.WorkspaceId,
        VectorStoreId = store.Id,
        FileId = file,
        BatchId = batch,
        Attributes = attributes,
        MaxChunkTokens = chunking.MaxTokens,
        ChunkOverlapTokens = chunking.OverlapTokens,
        Status = VectorStoreFileStatus.InProgress,
        ReplacesFileId = replaces,
        CreatedAt = now,
        UpdatedAt = now,
    };

    public ChunkingStrategy Chunking => new(MaxChunkTokens, ChunkOverlapTokens);

    /// <summary>How much of everything is done, from 0 to 1: steps by the time that they usually take.</summary>
    public double OverallProgress => Status is VectorStoreFileStatus.Completed ? 1 : Step switch
    {
        IngestionStep.Extract => 0.3 * Progress,
        IngestionStep.Chunk => 0.3 + (0.05 * Progress),
        IngestionStep.Embed => 0.35 + (0.45 * Progress),
        IngestionStep.Index => 0.8 + (0.15 * Progress),
        _ => 0.95 + (0.05 * Progress),
    };

    /// <summary>It is attached again, as one of the files of this batch.</summary>
    public void Join(FileBatchId batch, DateTimeOffset now) => (BatchId, UpdatedAt) = (batch, now);

    /// <summary>Goes on from the step that failed, with all attempts to come again.</summary>
    public void Retry(DateTimeOffset now)
    {
        if (Status is not (VectorStoreFileStatus.Failed or VectorStoreFileStatus.Cancelled))
            throw new RuleBroken("file_not_failed", "Only a file that failed or was cancelled can be tried again.");
        (Status, Attempts, Progress, NextRetryAt, ErrorCode, ErrorMessage) = (VectorStoreFileStatus.InProgress, 0, 0, null, null, null);
        (Owner, LeaseUntil, UpdatedAt) = (null, null, now);
        Epoch++;
    }

    /// <summary>Attached again after it failed or was cancelled: begins anew, with these settings.</summary>
    public void AttachAgain(string attributes, ChunkingStrategy chunking, FileBatchId? batch, FileId? replaces, DateTimeOffset now)
    {
        Retry(now);
        (Step, ChunkCount, UsageBytes) = (IngestionStep.Extract, 0, 0);
        (Attributes, MaxChunkTokens, ChunkOverlapTokens, BatchId, ReplacesFileId) = (attributes, chunking.MaxTokens, chunking.OverlapTokens, batch, replaces);
    }
}

/// <summary>How text is cut: the most tokens of a chunk, and how many it repeats of the one before.</summary>
public readonly record struct ChunkingStrategy(int MaxTokens, int OverlapTokens)
{
    /// <summary>The API's <c>auto</c>.</summary>
    public static readonly ChunkingStrategy Auto = new(800, 400);
}
