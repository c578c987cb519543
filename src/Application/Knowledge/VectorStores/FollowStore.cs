using System.Runtime.CompilerServices;
using System.Text.Json;
using AiPlatform.Application.Common;
using AiPlatform.Application.Knowledge.Ingestion;
using AiPlatform.Domain.Common;
using AiPlatform.Domain.Knowledge;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Knowledge.VectorStores;

/// <summary>
/// What happens to the files of a store, as it happens: first all of them (<c>snapshot</c>), then each that changes (<c>file</c>) or goes (<c>deleted</c>).
/// Whoever loses the stream opens another, and knows everything again.
/// </summary>
public sealed record FollowStore(string Id) : IRequest<IAsyncEnumerable<WireEvent>>;

internal sealed record StoreSnapshot(IReadOnlyList<VectorStoreFileView> Files, int Total);

internal sealed record StoreFileDeleted(string FileId);

internal sealed class FollowStoreHandler(IKnowledgeDb db, IStoreChanges changes, TimeProvider clock) : IRequestHandler<FollowStore, IAsyncEnumerable<WireEvent>>
{
    private const int MostInSnapshot = 500;
    private const int MostAtOnce = 200;

    // What the reader was told of beyond the snapshot is watched as well, but not without end.
    private const int MostWatched = 5000;

    /// <summary>Changes are gathered: a worker notes its progress many times a second.</summary>
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(400);

    /// <summary>Wake-ups may be lost; then somebody still looks.</summary>
    private static readonly TimeSpan LookWhileBusy = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan LookWhileIdle = TimeSpan.FromSeconds(20);

    /// <summary>Clocks of servers differ, and transactions end later than what they wrote says.</summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromSeconds(30);

    /// <summary>So that a key or a session that was revoked meanwhile is asked for again.</summary>
    private static readonly TimeSpan MostTime = TimeSpan.FromMinutes(30);

    private static readonly JsonSerializerOptions Json = WireJson.Configure(new JsonSerializerOptions());

    public async Task<IAsyncEnumerable<WireEvent>> Handle(FollowStore request, CancellationToken cancellationToken) =>
        FollowAsync(await db.RequireStoreIdAsync(request.Id, cancellationToken), cancellationToken);

    private async IAsyncEnumerable<WireEvent> FollowAsync(VectorStoreId store, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // From before the first look on, so that nothing falls between.
        using var watch = changes.Watch(store);
        var begin = clock.GetUtcNow();
        var files = await db.FilesOf(store).OrderByDescending(row => row.File.Id).Take(MostInSnapshot).ToListAsync(cancellationToken);
        var total = files.Count < MostInSnapshot ? files.Count : await db.VectorStoreFiles.CountAsync(file => file.VectorStoreId == store, cancellationToken);
        var told = files.ToDictionary(row => row.File.Id, row => Version.Of(row.File));
        yield return Event("snapshot", new StoreSnapshot([.. files.Select(VectorStoreFileView.Of)], total));
        files.Clear();

        var since = begin - Overlap;
        while (clock.GetUtcNow() - begin < MostTime)
        {
            await watch.NextAsync(told.Values.Any(version => version.IsInProgress) ? LookWhileBusy : LookWhileIdle, cancellationToken);
            if (!await db.LiveStores().AnyAsync(other => other.Id == store, cancellationToken)) yield break;
            var now = clock.GetUtcNow();
            var seen = await LookAsync(store, told.Keys, since, cancellationToken);
            since = now - Overlap;
            foreach (var gone in told.Where(file => !seen.ContainsKey(file.Key)).ToList())
            {
                told.Remove(gone.Key);
                // One that was attached again meanwhile is there under the same name.
                if (!seen.Values.Any(version => version.FileId == gone.Value.FileId)) yield return Event("deleted", new StoreFileDeleted(gone.Value.FileId.ToWire()));
            }

            var changed = seen.Where(file => !told.TryGetValue(file.Key, out var before) || before != file.Value).Select(file => file.Key).ToList();
            foreach (var some in changed.Chunk(MostAtOnce))
            {
                foreach (var row in await db.FilesOf(store, file => some.Contains(file.Id)).OrderBy(row => row.File.Id).ToListAsync(cancellationToken))
                {
                    told[row.File.Id] = Version.Of(row.File);
                    yield return Event("file", VectorStoreFileView.Of(row));
                }
            }

            Trim(told, since);
            await Task.Delay(Gather, clock, cancellationToken);
        }
    }

    /// <summary>What the reader knows, what is in progress, and what has changed lately: in a few columns, since most of it is as it was.</summary>
    private Task<Dictionary<VectorStoreFileId, Version>> LookAsync(VectorStoreId store, IEnumerable<VectorStoreFileId> told, DateTimeOffset since, CancellationToken cancellationToken)
    {
        var known = told.ToList();
        return db.FilesOf(store, file => file.Status == VectorStoreFileStatus.InProgress || file.UpdatedAt >= since || known.Contains(file.Id))
            .Select(row => new { row.File.Id, row.File.FileId, row.File.Status, row.File.Step, row.File.Progress, row.File.Attempts, row.File.NextRetryAt, row.File.UpdatedAt })
            .ToDictionaryAsync(row => row.Id, row => new Version(row.FileId, row.Status, row.Step, row.Progress, row.Attempts, row.NextRetryAt, row.UpdatedAt), cancellationToken);
    }

    private static void Trim(Dictionary<VectorStoreFileId, Version> told, DateTimeOffset since)
    {
        if (told.Count <= MostWatched) return;
        foreach (var (id, _) in told.Where(file => !file.Value.IsInProgress && file.Value.UpdatedAt < since).OrderBy(file => file.Key.Value).Take(told.Count - MostWatched).ToList()) told.Remove(id);
    }

    private static WireEvent Event<T>(string type, T body) => new(type, JsonSerializer.SerializeToUtf8Bytes(body, Json));

    /// <summary>By which a change is noticed.</summary>
    private sealed record Version(
        FileId FileId, VectorStoreFileStatus Status, IngestionStep Step, double Progress, int Attempts, DateTimeOffset? NextRetryAt, DateTimeOffset UpdatedAt)
    {
        public bool IsInProgress => Status is VectorStoreFileStatus.InProgress;

        public static Version Of(VectorStoreFile file) => new(file.FileId, file.Status, file.Step, file.Progress, file.Attempts, file.NextRetryAt, file.UpdatedAt);
    }
}
