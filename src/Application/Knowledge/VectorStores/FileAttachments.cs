using AiPlatform.Application.Knowledge.Ingestion;
using AiPlatform.Domain.Common;
using AiPlatform.Domain.Knowledge;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Knowledge.VectorStores;

/// <summary>One file that is to be attached; <c>Param</c> is where the request names it.</summary>
internal sealed record WantedFile(string FileId, string Param, string Attributes, ChunkingStrategy Chunking, string? Replaces = null);

/// <summary>
/// Attaches files to a store and enqueues them. Whoever attaches, deletes or begins anew at the same moment is noticed when it is saved; then it is looked
/// at again, so that of two who attach the same file both get the same object.
/// </summary>
internal sealed class FileAttachments(IKnowledgeDb db, IIngestionQueue queue, TimeProvider clock)
{
    /// <summary>To a store that is there.</summary>
    public Task AttachAsync(string storeId, IReadOnlyList<WantedFile> files, Func<VectorStore, FileBatch>? createBatch, CancellationToken cancellationToken) => db.UntilSavedAsync(async () =>
    {
        var store = await db.RequireStoreAsync(storeId, cancellationToken);
        await SaveAsync(store, createBatch?.Invoke(store), files, cancellationToken);
    });

    /// <summary>To one that is made with them.</summary>
    public Task CreateAsync(VectorStore store, IReadOnlyList<WantedFile> files, CancellationToken cancellationToken) => db.UntilSavedAsync(() =>
    {
        db.VectorStores.Add(store);
        return SaveAsync(store, batch: null, files, cancellationToken);
    });

    private async Task SaveAsync(VectorStore store, FileBatch? batch, IReadOnlyList<WantedFile> files, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (store.IsExpiredAt(now)) throw StoreErrors.Expired(store);
        // Also locks the store for as long as it takes to save, so that it is not deleted meanwhile.
        store.Touch(now);
        if (batch is not null) db.FileBatches.Add(batch);
        await queue.SaveAndEnqueueAsync(await PlanAsync(store, batch, files, now, cancellationToken), cancellationToken);
    }

    /// <summary>Makes the rows that are wanted, and returns those that are to be worked on.</summary>
    private async Task<List<VectorStoreFile>> PlanAsync(VectorStore store, FileBatch? batch, IReadOnlyList<WantedFile> files, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var ids = files.Select(file => Ids.Parse<FileId>(file.FileId)).OfType<FileId>().Distinct().ToList();
        var known = (await db.Files
            .Where(file => ids.Contains(file.Id) && file.Status == FileStatus.Ready && (file.ExpiresAt == null || file.ExpiresAt > now))
            .Select(file => file.Id).ToListAsync(cancellationToken)).ToHashSet();
        var attached = await db.VectorStoreFiles.Where(file => file.VectorStoreId == store.Id && ids.Contains(file.FileId)).ToDictionaryAsync(file => file.FileId, cancellationToken);
        var toDo = new Dictionary<FileId, VectorStoreFile>();
        var toReplace = new List<(FileId File, WantedFile Wanted)>();
        // In one order for all, so that fewer get in each other's way.
        foreach (var wanted in files.OrderBy(file => file.FileId, StringComparer.Ordinal))
        {
            if (Ids.Parse<FileId>(wanted.FileId) is not { } id || !known.Contains(id)) throw StoreErrors.NoSuchFile(wanted);
            var replaces = ReplacedBy(wanted, id);
            if (!attached.TryGetValue(id, out var row))
            {
                attached[id] = toDo[id] = row = VectorStoreFile.Attach(store, id, wanted.Attributes, wanted.Chunking, batch?.Id, replaces, now);
                db.VectorStoreFiles.Add(row);
            }
            else if (!toDo.ContainsKey(id) && row.Status is VectorStoreFileStatus.Failed or VectorStoreFileStatus.Cancelled)
            {
                row.AttachAgain(wanted.Attributes, wanted.Chunking, batch?.Id, replaces, now);
                toDo[id] = row;
            }
            else
            {
                if (!IsAsWanted(row, wanted, replaces)) throw StoreErrors.AttachedOtherwise(wanted);
                if (batch is not null) row.Join(batch.Id, now);
                continue;
            }

            if (replaces is { } replaced) toReplace.Add((replaced, wanted));
        }

        await RequireReplacedAsync(store, toReplace, cancellationToken);
        return [.. toDo.Values];
    }

    private static FileId? ReplacedBy(WantedFile wanted, FileId itself)
    {
        if (wanted.Replaces is null) return null;
        return Ids.Parse<FileId>(wanted.Replaces) is { } replaced && replaced != itself ? replaced : throw StoreErrors.NothingToReplace(wanted);
    }

    private async Task RequireReplacedAsync(VectorStore store, List<(FileId File, WantedFile Wanted)> files, CancellationToken cancellationToken)
    {
        if (files.Count == 0) return;
        var ids = files.Select(file => file.File).ToList();
        var there = await db.VectorStoreFiles.Where(file => file.VectorStoreId == store.Id && ids.Contains(file.FileId)).Select(file => file.FileId).ToListAsync(cancellationToken);
        foreach (var (file, wanted) in files)
            if (!there.Contains(file)) throw StoreErrors.NothingToReplace(wanted);
    }

    private static bool IsAsWanted(VectorStoreFile row, WantedFile wanted, FileId? replaces) =>
        row.Chunking == wanted.Chunking && row.ReplacesFileId == replaces && FileAttributes.AreEqual(row.Attributes, wanted.Attributes);
}

/// <summary>What is attached is attached by somebody else at the same moment, or was deleted.</summary>
public sealed class AttachmentRace(Exception inner) : Exception("Somebody else changed the same files at the same moment.", inner);
