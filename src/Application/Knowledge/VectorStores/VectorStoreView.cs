using System.Text.Json.Serialization;
using AiPlatform.Application.Knowledge.Reembeddings;
using AiPlatform.Domain.Common;
using AiPlatform.Domain.Knowledge;

namespace AiPlatform.Application.Knowledge.VectorStores;

/// <summary>A vector store as the API shows it.</summary>
public sealed record VectorStoreView(
    string Id,
    long CreatedAt,
    string Name,
    string? Description,
    long UsageBytes,
    FileCounts FileCounts,
    string Status,
    ExpiresAfter? ExpiresAfter,
    long? ExpiresAt,
    long LastActiveAt,
    Dictionary<string, string> Metadata,
    string EmbeddingModel,
    int? Dimensions,
    string? PreviousEmbeddingModel,
    ReembeddingView? Reembedding)
{
    [JsonPropertyOrder(-1)]
    public string Object { get; } = "vector_store";

    internal static VectorStoreView Of(VectorStore store, StoreUsage usage, Reembedding? reembedding, DateTimeOffset now) => new(
        store.Id.ToWire(),
        store.CreatedAt.ToUnixTimeSeconds(),
        store.Name,
        store.Description,
        usage.Bytes,
        usage.Counts,
        store.IsExpiredAt(now) ? "expired" : usage.Counts.InProgress > 0 ? "in_progress" : "completed",
        store.ExpiresAfterDays is { } days ? new ExpiresAfter("last_active_at", days) : null,
        store.ExpiresAt?.ToUnixTimeSeconds(),
        store.LastActiveAt.ToUnixTimeSeconds(),
        store.Metadata,
        store.EmbeddingModel,
        store.Dimensions,
        store.PreviousEmbeddingModel,
        reembedding is null ? null : ReembeddingView.Of(reembedding));
}

/// <summary>How many files are in which state.</summary>
public sealed record FileCounts(int InProgress, int Completed, int Failed, int Cancelled)
{
    internal static readonly FileCounts None = new(0, 0, 0, 0);

    public int Total => InProgress + Completed + Failed + Cancelled;
}

/// <summary>After how many days without use; <c>Anchor</c> is always <c>last_active_at</c>.</summary>
public sealed record ExpiresAfter(string? Anchor, int? Days);

internal sealed record StoreUsage(FileCounts Counts, long Bytes)
{
    public static readonly StoreUsage None = new(FileCounts.None, 0);
}
