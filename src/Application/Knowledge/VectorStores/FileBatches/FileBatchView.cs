using System.Text.Json.Serialization;
using AiPlatform.Domain.Common;
using AiPlatform.Domain.Knowledge;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Knowledge.VectorStores.FileBatches;

/// <summary>Files that were attached together. A file belongs to the batch that attached it last.</summary>
public sealed record FileBatchView(string Id, long CreatedAt, string VectorStoreId, string Status, FileCounts FileCounts)
{
    // So says the document of the API, and so do its clients.
    [JsonPropertyOrder(-1)]
    public string Object { get; } = "vector_store.files_batch";

    internal static FileBatchView Of(FileBatch batch, FileCounts counts) =>
        new(batch.Id.ToWire(), batch.CreatedAt.ToUnixTimeSeconds(), batch.VectorStoreId.ToWire(), StatusOf(batch, counts), counts);

    private static string StatusOf(FileBatch batch, FileCounts counts)
    {
        if (batch.CancelledAt is not null) return "cancelled";
        if (counts.InProgress > 0) return "in_progress";
        // Also between the end of its files and its own, should a server die there.
        if (counts.Cancelled > 0) return "cancelled";
        return counts.Failed > 0 && counts.Failed == counts.Total ? "failed" : "completed";
    }
}

internal static class FileBatchQueries
{
    public static async Task<FileBatch> RequireBatchAsync(this IKnowledgeDb db, string storeId, string batchId, CancellationToken cancellationToken)
    {
        var store = await db.RequireStoreIdAsync(storeId, cancellationToken);
        var id = Ids.Parse<FileBatchId>(batchId);
        return await db.FileBatches.AsNoTracking().SingleOrDefaultAsync(batch => batch.Id == id && batch.VectorStoreId == store, cancellationToken)
            ?? throw NotFound.Of("File batch", batchId);
    }

    public static async Task<FileBatchView> ShowAsync(this IKnowledgeDb db, FileBatch batch, CancellationToken cancellationToken)
    {
        var rows = await db.VectorStoreFiles.Where(file => file.BatchId == batch.Id).GroupBy(file => file.Status)
            .Select(group => new { Status = group.Key, Count = group.Count() }).ToListAsync(cancellationToken);
        return FileBatchView.Of(batch, StoreQueries.CountsOf(rows.Select(row => (row.Status, row.Count))));
    }
}
