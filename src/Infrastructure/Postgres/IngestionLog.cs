using AiPlatform.Application.Knowledge.Ingestion;
using AiPlatform.Domain.Common;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Knowledge;
using Npgsql;

namespace AiPlatform.Infrastructure.Postgres;

/// <summary>Leases and states in <c>vector_store_files</c>. Clocks are the database's. It works for all workspaces: whoever claims gets the workspace with the file.</summary>
internal sealed class IngestionLog(NpgsqlDataSource database, DocumentSignals signals) : IIngestionLog
{
    // Whose turn it is depends on what others have just taken, so one takes at a time; it is a matter of a millisecond.
    private const string TakeTurns = "SELECT pg_advisory_xact_lock(7810772033)";

    // The workspaces with something to do, by steps from one to the next in the index; of each the first file; of these the one whose workspace is next.
    private const string Claim = """
        WITH RECURSIVE waiting AS (
            (SELECT workspace_id FROM knowledge.vector_store_files WHERE status = 'in_progress' ORDER BY workspace_id LIMIT 1)
            UNION ALL
            SELECT (SELECT f.workspace_id FROM knowledge.vector_store_files f WHERE f.status = 'in_progress' AND f.workspace_id > w.workspace_id ORDER BY f.workspace_id LIMIT 1)
            FROM waiting w WHERE w.workspace_id IS NOT NULL),
        chosen AS (
            SELECT first.id
            FROM waiting w
            CROSS JOIN LATERAL (
                SELECT count(*) AS files FROM knowledge.vector_store_files f
                WHERE f.workspace_id = w.workspace_id AND f.owner IS NOT NULL AND f.status = 'in_progress' AND f.lease_until >= now()) in_hand
            CROSS JOIN LATERAL (
                SELECT f.id FROM knowledge.vector_store_files f JOIN knowledge.vector_stores s ON s.id = f.vector_store_id
                WHERE f.workspace_id = w.workspace_id AND f.status = 'in_progress' AND s.deleted_at IS NULL
                    AND (f.owner IS NULL OR ($3 AND f.lease_until < now()))
                    AND (f.next_retry_at IS NULL OR f.next_retry_at <= now())
                    AND ($4 OR (f.crashes = 0 AND f.owner IS NULL))
                ORDER BY f.created_at, f.id LIMIT 1 FOR NO KEY UPDATE OF f SKIP LOCKED) first
            LEFT JOIN knowledge.ingestion_turns t ON t.workspace_id = w.workspace_id
            WHERE NOT $2 OR in_hand.files = 0
            ORDER BY in_hand.files, t.taken_at NULLS FIRST LIMIT 1),
        taken AS (
            UPDATE knowledge.vector_store_files f SET owner = $1, lease_until = now() + interval '15 seconds', epoch = epoch + 1, attempts = attempts + 1,
                next_retry_at = NULL, updated_at = now(), crashes = CASE WHEN f.owner IS NULL THEN crashes ELSE crashes + 1 END
            FROM chosen WHERE f.id = chosen.id
            RETURNING f.*),
        turn AS (
            INSERT INTO knowledge.ingestion_turns (workspace_id, taken_at) SELECT workspace_id, clock_timestamp() FROM taken
            ON CONFLICT (workspace_id) DO UPDATE SET taken_at = EXCLUDED.taken_at)
        SELECT t.id, t.workspace_id, t.vector_store_id, t.file_id, f.filename, t.epoch, t.step, t.attempts, t.crashes, t.max_chunk_tokens, t.chunk_overlap_tokens,
            s.embedding_model, s.dimensions, t.replaces_file_id, t.created_at
        FROM taken t JOIN knowledge.vector_stores s ON s.id = t.vector_store_id JOIN knowledge.files f ON f.id = t.file_id
        """;

    // A row that is locked is being written by its owner, who prolongs the lease with it.
    private const string Renew = """
        WITH own AS (SELECT * FROM unnest($1, $2) AS own (id, epoch)),
        free AS (
            SELECT f.id FROM knowledge.vector_store_files f JOIN own ON f.id = own.id AND f.epoch = own.epoch
            WHERE f.status = 'in_progress' ORDER BY f.id FOR NO KEY UPDATE OF f SKIP LOCKED),
        renewed AS (UPDATE knowledge.vector_store_files f SET lease_until = now() + interval '15 seconds' FROM free WHERE f.id = free.id)
        SELECT f.id FROM knowledge.vector_store_files f JOIN own ON f.id = own.id AND f.epoch = own.epoch JOIN knowledge.vector_stores s ON s.id = f.vector_store_id
        WHERE f.status = 'in_progress' AND s.deleted_at IS NULL
        """;

    private const string Own = " WHERE id = $1 AND epoch = $2 AND status = 'in_progress'";

    private const string Postpone = """
        UPDATE knowledge.vector_store_files SET owner = NULL, lease_until = NULL, next_retry_at = now() + $3, error_code = $4, error_message = $5, updated_at = now()
        """ + Own;

    private const string Release = """
        UPDATE knowledge.vector_store_files SET owner = NULL, lease_until = NULL, attempts = GREATEST(attempts - 1, 0), updated_at = now()
        """ + Own;

    private const string Fail = """
        UPDATE knowledge.vector_store_files SET status = 'failed', owner = NULL, lease_until = NULL, next_retry_at = NULL, crashes = 0, error_code = $3, error_message = $4,
            updated_at = now()
        """ + Own;

    // With what that was to replace itself, where it never came to it.
    private const string DeleteReplaced = """
        WITH RECURSIVE replaced AS (
            SELECT id, replaces_file_id, status FROM knowledge.vector_store_files WHERE vector_store_id = $1 AND file_id = $2 AND id <> $3
            UNION
            SELECT f.id, f.replaces_file_id, f.status FROM replaced r JOIN knowledge.vector_store_files f ON f.vector_store_id = $1 AND f.file_id = r.replaces_file_id
            WHERE r.status <> 'completed' AND f.id <> $3)
        DELETE FROM knowledge.vector_store_files f USING replaced WHERE f.id = replaced.id
        """;

    private const string DeleteWaiting = "DELETE FROM knowledge.chunk_embeddings WHERE vector_store_file_id = $1";

    private const string Complete = """
        UPDATE knowledge.vector_store_files f SET status = 'completed', progress = 1, owner = NULL, lease_until = NULL, next_retry_at = NULL, crashes = 0, error_code = NULL,
            error_message = NULL, updated_at = now(), chunk_count = has.chunks,
            usage_bytes = has.bytes + has.chunks * 2 * COALESCE((SELECT dimensions FROM knowledge.vector_stores s WHERE s.id = f.vector_store_id), 0)
        FROM (SELECT count(*) AS chunks, COALESCE(sum(octet_length(content)), 0) AS bytes FROM knowledge.chunks WHERE vector_store_file_id = $1) has
        """ + Own;

    public async Task<ClaimedFile?> ClaimAsync(ClaimTerms terms, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand(TakeTurns));
        batch.Add(Claim, Sql.Of(terms.Owner), Sql.Of(terms.OnlyOfIdleWorkspaces), Sql.Of(terms.TakesOver), Sql.Of(terms.TakesSuspects));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        var file = await reader.ReadAsync(cancellationToken) ? Read(reader) : null;
        // To the end of the answer, which is where a failed commit would show.
        while (await reader.ReadAsync(cancellationToken)) continue;
        await reader.NextResultAsync(cancellationToken);
        if (file is not null) signals.Happened(file.VectorStoreId);
        return file;
    }

    public async Task<IReadOnlySet<VectorStoreFileId>> RenewAsync(IReadOnlyCollection<ClaimedFile> files, CancellationToken cancellationToken)
    {
        await using var command = database.Command(Renew, Sql.Of(files.Select(file => file.Id.Value).ToArray()), Sql.Of(files.Select(file => file.Epoch).ToArray()));
        command.CommandTimeout = 5;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var held = new HashSet<VectorStoreFileId>();
        while (await reader.ReadAsync(cancellationToken)) held.Add(new VectorStoreFileId(reader.GetGuid(0)));
        return held;
    }

    public async Task<ClaimedFile> BeginNextAsync(ClaimedFile file, IngestionStep next, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var begun = await connection.BeginAsync(file, next, cancellationToken) ?? throw new FileLost();
        signals.Happened(file.VectorStoreId);
        return begun;
    }

    public Task PostponeAsync(ClaimedFile file, Problem problem, TimeSpan delay, CancellationToken cancellationToken) =>
        WriteAsync(file, batch => batch.Add(Postpone, Sql.Of(file.Id.Value), Sql.Of(file.Epoch), Sql.Of(delay), Sql.Of(problem.Code), Sql.Of(problem.Message)), cancellationToken);

    public async Task ReleaseAsync(ClaimedFile file, CancellationToken cancellationToken)
    {
        await WriteAsync(file, batch => batch.Add(Release, Sql.Of(file.Id.Value), Sql.Of(file.Epoch)), cancellationToken);
        signals.Claimable();
    }

    public Task FailAsync(ClaimedFile file, Problem problem, CancellationToken cancellationToken) =>
        WriteAsync(file, batch => batch.Add(Fail, Sql.Of(file.Id.Value), Sql.Of(file.Epoch), Sql.Of(problem.Code), Sql.Of(problem.Message)), cancellationToken);

    public Task CompleteAsync(ClaimedFile file, CancellationToken cancellationToken) => WriteAsync(
        file,
        batch =>
        {
            batch.Hold(file);
            if (file.Replaces is { } replaced) batch.Add(DeleteReplaced, Sql.Of(file.VectorStoreId.Value), Sql.Of(replaced.Value), Sql.Of(file.Id.Value));
            batch.Add(DeleteWaiting, Sql.Of(file.Id.Value));
            batch.Add(Complete, Sql.Of(file.Id.Value), Sql.Of(file.Epoch));
        },
        cancellationToken);

    /// <summary>One transaction, told to whoever watches the store.</summary>
    private async Task WriteAsync(ClaimedFile file, Action<NpgsqlBatch> fill, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        fill(batch);
        try
        {
            await batch.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (PostgresException e) when (e.SqlState == Sql.NotHeld)
        {
            throw new FileLost(e);
        }

        if (batch.BatchCommands[^1] is { RecordsAffected: 0 }) throw new FileLost();
        signals.Happened(file.VectorStoreId);
    }

    private static ClaimedFile Read(NpgsqlDataReader reader) => new()
    {
        Id = new VectorStoreFileId(reader.GetGuid(0)),
        WorkspaceId = Ids.From<WorkspaceId>(reader.GetGuid(1)),
        VectorStoreId = new VectorStoreId(reader.GetGuid(2)),
        FileId = new FileId(reader.GetGuid(3)),
        Filename = reader.GetString(4),
        Epoch = reader.GetInt32(5),
        Step = Enum.Parse<IngestionStep>(reader.GetString(6), ignoreCase: true),
        Attempts = reader.GetInt32(7),
        Crashes = reader.GetInt32(8),
        Chunking = new ChunkingStrategy(reader.GetInt32(9), reader.GetInt32(10)),
        EmbeddingModel = reader.GetString(11),
        Dimensions = reader.IsDBNull(12) ? null : reader.GetInt32(12),
        Replaces = reader.IsDBNull(13) ? null : new FileId(reader.GetGuid(13)),
        CreatedAt = reader.GetFieldValue<DateTimeOffset>(14),
    };
}
