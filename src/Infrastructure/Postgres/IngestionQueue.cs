using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Knowledge.Ingestion;
using AiPlatform.Domain.Knowledge;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AiPlatform.Infrastructure.Postgres;

/// <summary>
/// The rows are the queue: a file that is in progress and has no owner waits for one. So whatever saves the row has enqueued it, and nothing can be in one
/// and not in the other.
/// </summary>
internal sealed class IngestionQueue(PlatformDbContext db, NpgsqlDataSource database, CallerContext caller, DocumentSignals signals) : IIngestionQueue
{
    // What a cancelled file had is gone, so it would begin anew.
    private const string Cancel = """
        UPDATE knowledge.vector_store_files SET status = 'cancelled', step = 'extract', progress = 0, epoch = epoch + 1, crashes = 0, chunk_count = 0, owner = NULL,
            lease_until = NULL, next_retry_at = NULL, error_code = NULL, error_message = NULL, updated_at = now()
        WHERE id = ANY ($1) AND status = 'in_progress' AND ($2 OR workspace_id = $3)
        RETURNING id, vector_store_id
        """;

    public async Task SaveAndEnqueueAsync(IReadOnlyCollection<VectorStoreFile> files, CancellationToken cancellationToken)
    {
        if (files.FirstOrDefault(file => file.Status is not VectorStoreFileStatus.InProgress) is { } idle)
            throw new InvalidOperationException($"File {idle.Id.Value} is {idle.Status}, so there is nothing to do for it.");
        await using (var transaction = await db.Database.BeginTransactionAsync(cancellationToken))
        {
            await TakeTurnsAsync(cancellationToken);
            await ForgetWhatOthersDidAsync(files, cancellationToken);
            await db.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        foreach (var store in files.Select(file => file.VectorStoreId).Distinct()) signals.Happened(store);
        if (files.Count > 0) signals.Claimable();
    }

    public async Task<int> CancelAsync(IReadOnlyCollection<VectorStoreFileId> files, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var cancelled = new List<(Guid Id, Guid Store)>();
        Guid[] ids = [.. files.Select(file => file.Value).Order()];
        await using (var command = connection.Command(Cancel, Sql.Of(ids), Sql.Of(caller.IsSystem), Sql.Of(caller.WorkspaceId.Value)))
        {
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken)) cancelled.Add((reader.GetGuid(0), reader.GetGuid(1)));
        }

        if (cancelled.Count > 0) await connection.DeleteChunksAsync([.. cancelled.Select(file => file.Id)], cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        foreach (var store in cancelled.Select(file => file.Store).Distinct()) signals.Happened(new VectorStoreId(store));
        return cancelled.Count;
    }

    /// <summary>Who attaches many files to the same store in another order would wait for us, and we for them.</summary>
    private async Task TakeTurnsAsync(CancellationToken cancellationToken)
    {
        Guid[] stores = [.. db.ChangeTracker.Entries<VectorStore>().Where(entry => entry.State is EntityState.Modified).Select(entry => entry.Entity.Id.Value).Order()];
        if (stores.Length > 0)
            await db.Database.ExecuteSqlAsync($"SELECT 1 FROM knowledge.vector_stores WHERE id = ANY ({stores}) ORDER BY id FOR NO KEY UPDATE", cancellationToken);
    }

    /// <summary>A file that somebody else has meanwhile begun again goes on as it is: of two who retry, one is heard.</summary>
    private async Task ForgetWhatOthersDidAsync(IReadOnlyCollection<VectorStoreFile> files, CancellationToken cancellationToken)
    {
        var ours = files.Select(file => db.Entry(file)).Where(entry => entry.State is EntityState.Modified).ToDictionary(entry => entry.Entity.Id.Value);
        if (ours.Count == 0) return;
        Guid[] ids = [.. ours.Keys.Order()];
        var current = await db.Database
            .SqlQuery<Version>($"""SELECT id AS "Id", epoch AS "Epoch" FROM knowledge.vector_store_files WHERE id = ANY ({ids}) ORDER BY id FOR UPDATE""")
            .ToDictionaryAsync(version => version.Id, version => version.Epoch, cancellationToken);
        foreach (var (id, entry) in ours)
        {
            if (current.TryGetValue(id, out var epoch) && epoch != entry.OriginalValues.GetValue<int>(nameof(VectorStoreFile.Epoch))) await entry.ReloadAsync(cancellationToken);
        }
    }

    private sealed record Version(Guid Id, int Epoch);
}
