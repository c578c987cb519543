using System.Linq.Expressions;
using AiPlatform.Application.Common;
using AiPlatform.Domain.Common;
using AiPlatform.Domain.Knowledge;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Knowledge.VectorStores;

/// <summary>A file of a store, with what is known of the file itself.</summary>
internal sealed class StoreFileRow
{
    public required VectorStoreFile File { get; init; }
    public required string Filename { get; init; }
    public required long Bytes { get; init; }

    /// <summary>Null until its text has been read.</summary>
    public int? Pages { get; init; }
}

internal static class StoreQueries
{
    public static IQueryable<VectorStore> LiveStores(this IKnowledgeDb db) => db.VectorStores.Where(store => store.DeletedAt == null);

    public static async Task<VectorStore> RequireStoreAsync(this IKnowledgeDb db, string wireId, CancellationToken cancellationToken)
    {
        var id = Ids.Parse<VectorStoreId>(wireId);
        return await db.LiveStores().SingleOrDefaultAsync(store => store.Id == id, cancellationToken) ?? throw NotFound.Of("Vector store", wireId);
    }

    /// <summary>For those who only need to know that it is there.</summary>
    public static async Task<VectorStoreId> RequireStoreIdAsync(this IKnowledgeDb db, string wireId, CancellationToken cancellationToken)
    {
        var id = Ids.Parse<VectorStoreId>(wireId);
        return await db.LiveStores().AnyAsync(store => store.Id == id, cancellationToken) ? id!.Value : throw NotFound.Of("Vector store", wireId);
    }

    /// <summary>The files of a store. What is being deleted is not seen any more.</summary>
    public static IQueryable<StoreFileRow> FilesOf(this IKnowledgeDb db, VectorStoreId store, Expression<Func<VectorStoreFile, bool>>? which = null)
    {
        var files = db.VectorStoreFiles.AsNoTracking().Where(file => file.VectorStoreId == store);
        if (which is not null) files = files.Where(which);
        return
            from file in files
            join content in db.Files on file.FileId equals content.Id
            where content.Status == FileStatus.Ready
            join text in db.FileTexts on file.FileId equals text.FileId into texts
            from text in texts.DefaultIfEmpty()
            select new StoreFileRow { File = file, Filename = content.Filename, Bytes = content.Bytes, Pages = (int?)text.Pages };
    }

    public static async Task<StoreFileRow> RequireFileAsync(this IKnowledgeDb db, VectorStoreId store, string wireId, CancellationToken cancellationToken)
    {
        var id = Ids.Parse<FileId>(wireId);
        return await db.FilesOf(store, file => file.FileId == id).SingleOrDefaultAsync(cancellationToken) ?? throw FileNotFound(wireId);
    }

    public static NotFound FileNotFound(string wireId) => NotFound.Of("File", wireId);

    /// <summary>Counts and bytes of these stores, in one query; a store without files has none.</summary>
    public static async Task<IReadOnlyDictionary<VectorStoreId, StoreUsage>> UsageOfAsync(
        this IKnowledgeDb db, IReadOnlyCollection<VectorStoreId> stores, CancellationToken cancellationToken)
    {
        var rows = await db.VectorStoreFiles
            .Where(file => stores.Contains(file.VectorStoreId))
            .GroupBy(file => new { file.VectorStoreId, file.Status })
            .Select(group => new { group.Key.VectorStoreId, group.Key.Status, Count = group.Count(), Bytes = group.Sum(file => file.UsageBytes) })
            .ToListAsync(cancellationToken);
        return rows.GroupBy(row => row.VectorStoreId).ToDictionary(
            store => store.Key,
            store => new StoreUsage(CountsOf(store.Select(row => (row.Status, row.Count))), store.Sum(row => row.Bytes)));
    }

    public static FileCounts CountsOf(IEnumerable<(VectorStoreFileStatus Status, int Count)> rows)
    {
        var counts = rows.ToDictionary(row => row.Status, row => row.Count);
        return new FileCounts(
            counts.GetValueOrDefault(VectorStoreFileStatus.InProgress),
            counts.GetValueOrDefault(VectorStoreFileStatus.Completed),
            counts.GetValueOrDefault(VectorStoreFileStatus.Failed),
            counts.GetValueOrDefault(VectorStoreFileStatus.Cancelled));
    }

    public static async Task<VectorStoreView> ShowAsync(this IKnowledgeDb db, VectorStore store, DateTimeOffset now, CancellationToken cancellationToken) =>
        (await db.ShowAsync([store], now, cancellationToken))[0];

    public static async Task<IReadOnlyList<VectorStoreView>> ShowAsync(this IKnowledgeDb db, IReadOnlyList<VectorStore> stores, DateTimeOffset now, CancellationToken cancellationToken)
    {
        List<VectorStoreId> ids = [.. stores.Select(store => store.Id)];
        var usage = await db.UsageOfAsync(ids, cancellationToken);
        // With the store as it is at the same moment: a change ends while it is looked at.
        var changes = await (
            from change in db.Reembeddings.AsNoTracking()
            join store in db.VectorStores.AsNoTracking() on change.VectorStoreId equals store.Id
            where ids.Contains(change.VectorStoreId) && !db.Reembeddings.Any(later => later.VectorStoreId == change.VectorStoreId && later.Id > change.Id)
            select new { Change = change, Store = store }).ToDictionaryAsync(pair => pair.Store.Id, cancellationToken);
        return
        [
            .. stores.Select(store => changes.TryGetValue(store.Id, out var row)
                ? VectorStoreView.Of(row.Store, usage.GetValueOrDefault(store.Id, StoreUsage.None), row.Change, now)
                : VectorStoreView.Of(store, usage.GetValueOrDefault(store.Id, StoreUsage.None), null, now)),
        ];
    }

    /// <summary>A page of a store's files. Cursors are ids of files, as everything about them is.</summary>
    public static async Task<Page<VectorStoreFileView>> PageAsync(
        this IKnowledgeDb db, VectorStoreId store, IQueryable<StoreFileRow> files, CursorRequest page, CancellationToken cancellationToken)
    {
        var after = await CursorAsync(page.After, "after");
        var before = await CursorAsync(page.Before, "before");
        // The one that is passed by is the boundary on that side of the page which it is on.
        var (above, below) = page.IsAscending ? (after, before) : (before, after);
        if (above is { } lower) files = files.Where(row => row.File.Id > lower);
        if (below is { } upper) files = files.Where(row => row.File.Id < upper);
        files = page.IsAscending != page.IsBackwards ? files.OrderBy(row => row.File.Id) : files.OrderByDescending(row => row.File.Id);
        return page.Cut([.. (await files.Take(page.Size + 1).ToListAsync(cancellationToken)).Select(VectorStoreFileView.Of)], file => file.Id);

        async Task<VectorStoreFileId?> CursorAsync(string? cursor, string param)
        {
            if (cursor is null) return null;
            var id = Ids.Parse<FileId>(cursor);
            return await db.VectorStoreFiles.Where(file => file.VectorStoreId == store && file.FileId == id).Select(file => (VectorStoreFileId?)file.Id).SingleOrDefaultAsync(cancellationToken)
                ?? throw new InvalidRequest("invalid_value", $"Invalid '{param}': no file '{cursor}' in this list.", param);
        }
    }
}
