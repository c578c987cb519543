using System.Text.Json;
using System.Text.Json.Serialization;
using AiPlatform.Application.Common;
using AiPlatform.Domain.Common;
using AiPlatform.Domain.Knowledge;

namespace AiPlatform.Application.Knowledge.VectorStores;

/// <summary>A file in a vector store, as the API shows it, and how far its ingestion has come. Its id is the file's.</summary>
public sealed record VectorStoreFileView
{
    public required string Id { get; init; }

    [JsonPropertyOrder(-1)]
    public string Object { get; } = "vector_store.file";

    public required long UsageBytes { get; init; }
    public required long CreatedAt { get; init; }
    public required string VectorStoreId { get; init; }
    public required string Status { get; init; }

    /// <summary>Why it failed; while it is in progress, why the attempt before did.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required IngestionError? LastError { get; init; }

    public required ChunkingView ChunkingStrategy { get; init; }
    public required JsonElement Attributes { get; init; }
    public required string Filename { get; init; }
    public required long Bytes { get; init; }
    public string? Step { get; init; }
    public required double Progress { get; init; }
    public required int Attempts { get; init; }
    public long? NextRetryAt { get; init; }
    public required int ChunkCount { get; init; }
    public int? PageCount { get; init; }
    public required long UpdatedAt { get; init; }
    public string? BatchId { get; init; }
    public string? Replaces { get; init; }

    internal static VectorStoreFileView Of(StoreFileRow row)
    {
        var file = row.File;
        var isDone = file.Status is VectorStoreFileStatus.Completed;
        return new VectorStoreFileView
        {
            Id = file.FileId.ToWire(),
            UsageBytes = file.UsageBytes,
            CreatedAt = file.CreatedAt.ToUnixTimeSeconds(),
            VectorStoreId = file.VectorStoreId.ToWire(),
            Status = StatusNames.Of(file.Status),
            LastError = !isDone && file.ErrorCode is { } code ? new IngestionError(code, file.ErrorMessage ?? "") : null,
            ChunkingStrategy = new ChunkingView(new StaticChunking(file.MaxChunkTokens, file.ChunkOverlapTokens)),
            Attributes = JsonElement.Parse(file.Attributes),
            Filename = row.Filename,
            Bytes = row.Bytes,
            Step = isDone ? null : JsonNamingPolicy.SnakeCaseLower.ConvertName(file.Step.ToString()),
            Progress = Math.Round(file.OverallProgress, 3),
            Attempts = file.Attempts,
            NextRetryAt = file.NextRetryAt?.ToUnixTimeSeconds(),
            ChunkCount = file.ChunkCount,
            PageCount = row.Pages,
            UpdatedAt = file.UpdatedAt.ToUnixTimeSeconds(),
            BatchId = file.BatchId?.ToWire(),
            Replaces = file.ReplacesFileId?.ToWire(),
        };
    }
}

/// <summary><c>Code</c> is <c>server_error</c>, <c>unsupported_file</c> or <c>invalid_file</c>.</summary>
public sealed record IngestionError(string Code, string Message);

/// <summary>How a file is cut, with the numbers that <c>auto</c> stood for.</summary>
public sealed record ChunkingView(StaticChunking Static)
{
    public string Type { get; } = "static";
}

public sealed record StaticChunking(int? MaxChunkSizeTokens, int? ChunkOverlapTokens);

/// <summary>The states of a file as the API names them.</summary>
internal static class StatusNames
{
    public static readonly string[] All = ["in_progress", "completed", "failed", "cancelled"];

    public static string Of(VectorStoreFileStatus status) => All[(int)status];

    public static VectorStoreFileStatus Parse(string name) => (VectorStoreFileStatus)Array.IndexOf(All, name);
}
