using AiPlatform.Application.Knowledge.Chunking;
using AiPlatform.Application.Knowledge.Ingestion;
using AiPlatform.Application.Knowledge.Reembeddings;
using AiPlatform.Domain.Common;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Knowledge;
using Npgsql;

namespace AiPlatform.Infrastructure.Postgres;

/// <summary>Leases and states in <c>reembeddings</c>, and the vectors of new generations. Clocks are the database's. It works for all workspaces: whoever claims gets the workspace with it.</summary>
internal sealed class ReembeddingLog(NpgsqlDataSource database, VectorTables tables, DocumentSignals signals) : IReembeddingLog
{
    private const string Claim = """
        WITH chosen AS (
            SELECT r.id FROM knowledge.reembeddings r JOIN knowledge.vector_stores s ON s.id = r.vector_store_id
            WHERE r.status = 'in_progress' AND s.deleted_at IS NULL AND (r.owner IS NULL OR ($2 AND r.lease_until < now())) AND (r.next_retry_at IS NULL OR r.next_retry_at <= now())
            ORDER BY r.updated_at LIMIT 1 FOR NO KEY UPDATE OF r SKIP LOCKED)
        UPDATE knowledge.reembeddings r SET owner = $1, lease_until = now() + interval '30 seconds', epoch = epoch + 1, attempts = attempts + 1, next_retry_at = NULL, updated_at = now()
        FROM chosen WHERE r.id = chosen.id
        RETURNING r.id, r.workspace_id, r.vector_store_id, r.generation, r.embedding_model, r.dimensions, r.epoch, r.attempts
        """;

    private const string Own = " WHERE id = $1 AND epoch = $2 AND status = 'in_progress'";

    private const string Renew = "UPDATE knowledge.reembeddings r SET lease_until = now() + interval '30 seconds'" + Own
        + " AND EXISTS (SELECT FROM knowledge.vector_stores s WHERE s.id = r.vector_store_id AND s.deleted_at IS NULL)";

    // What came on is no failure.
    private const string CameOn = "UPDATE knowledge.reembeddings SET lease_until = now() + interval '30 seconds', done = done + $3, attempts = 1, error_message = NULL, updated_at = now()" + Own;

    private const string Postpone = "UPDATE knowledge.reembeddings SET owner = NULL, lease_until = NULL, next_retry_at = now() + $3, error_message = $4, updated_at = now()" + Own;
    private const string Release = "UPDATE knowledge.reembeddings SET owner = NULL, lease_until = NULL, attempts = GREATEST(attempts - 1, 0), updated_at = now()" + Own;
    private const string Fail = "UPDATE knowledge.reembeddings SET status = 'failed', owner = NULL, lease_until = NULL, next_retry_at = NULL, error_message = $3, updated_at = now()" + Own;
    private const string Complete = "UPDATE knowledge.reembeddings SET status = 'completed', owner = NULL, lease_until = NULL, error_message = NULL, done = total, updated_at = now()" + Own;

    private const string Agree = "UPDATE knowledge.reembeddings SET dimensions = $3" + Own + " AND (dimensions IS NULL OR dimensions = $3)";

    private const string ChunksOfCompleted = """
        FROM knowledge.vector_store_files f JOIN knowledge.chunks c ON c.vector_store_file_id = f.id WHERE f.vector_store_id = $1 AND f.status = 'completed'
        """;

    private const string WithoutVector = " AND NOT EXISTS (SELECT FROM {0} v WHERE v.vector_store_id = $1 AND v.generation = $2 AND v.chunk_id = c.id)";

    private const string Next = "SELECT c.id, c.ordinal, c.embedding_hash, c.content, c.headings, c.tokens, f.id " + ChunksOfCompleted
        + " AND f.id >= $3 AND (f.id > $3 OR c.ordinal > $4){0} ORDER BY f.id, c.ordinal LIMIT $5";

    private const string Count = "UPDATE knowledge.reembeddings SET total = (SELECT count(*) " + ChunksOfCompleted + "), done = (SELECT count(*) " + ChunksOfCompleted + "{0}) WHERE id = $3 AND epoch = $4";

    private const string HasVector = " AND EXISTS (SELECT FROM {0} v WHERE v.vector_store_id = $1 AND v.generation = $2 AND v.chunk_id = c.id)";

    private const string Save = """
        INSERT INTO {0} (vector_store_id, generation, chunk_id, vector_store_file_id, workspace_id, embedding)
        SELECT $1, $2, c.id, c.vector_store_file_id, $3, $5::halfvec
        FROM knowledge.chunks c JOIN knowledge.vector_store_files f ON f.id = c.vector_store_file_id AND f.status = 'completed' WHERE c.id = $4
        ON CONFLICT DO NOTHING
        """;

    // First the store, which whoever takes or completes a file shares a lock on; then the files that are in progress. So from here on nothing is completed by the old vectors.
    private const string LockStore = "SELECT generation, embedding_model, dimensions FROM knowledge.vector_stores WHERE id = $1 AND deleted_at IS NULL FOR UPDATE";

    private const string SendBack = """
        UPDATE knowledge.vector_store_files SET epoch = epoch + 1, owner = NULL, lease_until = NULL, step = CASE WHEN step IN ('index', 'switch') THEN 'embed' ELSE step END, updated_at = now()
        WHERE vector_store_id = $1 AND (status = 'in_progress' OR (status = 'failed' AND step IN ('index', 'switch')))
        """;

    private const string DropWaiting = """
        DELETE FROM knowledge.chunk_embeddings e USING knowledge.vector_store_files f WHERE f.vector_store_id = $1 AND f.status <> 'completed' AND e.vector_store_file_id = f.id
        """;

    private const string IsMissing = "SELECT EXISTS (SELECT " + ChunksOfCompleted + "{0})";

    private const string Bury = """
        INSERT INTO knowledge.dead_generations (vector_store_id, workspace_id, generation, dimensions)
        SELECT id, workspace_id, previous_generation, previous_dimensions FROM knowledge.vector_stores
        WHERE id = $1 AND previous_generation <> $2 AND previous_dimensions IS NOT NULL
        ON CONFLICT DO NOTHING
        """;

    private const string Switch = """
        UPDATE knowledge.vector_stores SET previous_generation = generation, previous_embedding_model = embedding_model, previous_dimensions = dimensions, previous_until = now() + $5,
            generation = $2, embedding_model = $3, dimensions = $4
        WHERE id = $1
        """;

    private const string Weigh = "UPDATE knowledge.vector_store_files SET usage_bytes = usage_bytes + chunk_count * 2 * $2 WHERE vector_store_id = $1 AND status = 'completed'";

    // Not one that somebody is just going back to.
    private const string LetPreviousGo = """
        WITH late AS (
            SELECT s.id, s.previous_generation, s.previous_dimensions FROM knowledge.vector_stores s
            WHERE s.previous_until < now() AND NOT EXISTS (SELECT FROM knowledge.reembeddings r WHERE r.vector_store_id = s.id AND r.generation = s.previous_generation AND r.status IN ('in_progress', 'failed'))
            LIMIT 100 FOR NO KEY UPDATE OF s SKIP LOCKED),
        buried AS (
            UPDATE knowledge.vector_stores s SET previous_generation = NULL, previous_embedding_model = NULL, previous_dimensions = NULL, previous_until = NULL FROM late WHERE s.id = late.id
            RETURNING s.id, s.workspace_id, late.previous_generation, late.previous_dimensions)
        INSERT INTO knowledge.dead_generations (vector_store_id, workspace_id, generation, dimensions)
        SELECT id, workspace_id, previous_generation, previous_dimensions FROM buried WHERE previous_dimensions IS NOT NULL
        ON CONFLICT DO NOTHING
        """;

    private const string BuryCancelled = """
        WITH gone AS (
            UPDATE knowledge.reembeddings r SET buried = true FROM knowledge.vector_stores s
            WHERE s.id = r.vector_store_id AND r.status = 'cancelled' AND NOT r.buried
            RETURNING r.vector_store_id, r.workspace_id, r.generation, r.dimensions, s.generation AS used, s.previous_generation)
        INSERT INTO knowledge.dead_generations (vector_store_id, workspace_id, generation, dimensions)
        SELECT vector_store_id, workspace_id, generation, dimensions FROM gone
        WHERE dimensions IS NOT NULL AND generation <> used AND generation IS DISTINCT FROM previous_generation
        ON CONFLICT DO NOTHING
        """;

    private const string DeadGeneration = """
        SELECT d.vector_store_id, d.generation, d.dimensions FROM knowledge.dead_generations d JOIN knowledge.vector_stores s ON s.id = d.vector_store_id WHERE s.deleted_at IS NULL LIMIT 1
        """;

    private const string DeleteSome = """
        DELETE FROM {0} WHERE vector_store_id = $1 AND generation = $2 AND chunk_id IN (SELECT chunk_id FROM {0} WHERE vector_store_id = $1 AND generation = $2 LIMIT 1000)
        """;

    private const string Forget = "DELETE FROM knowledge.dead_generations WHERE vector_store_id = $1 AND generation = $2";

    public async Task<ClaimedReembedding?> ClaimAsync(string owner, bool takesOver, CancellationToken cancellationToken)
    {
        await using var command = database.Command(Claim, Sql.Of(owner), Sql.Of(takesOver));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken)) return null;
        return new ClaimedReembedding
        {
            Id = new ReembeddingId(reader.GetGuid(0)),
            WorkspaceId = Ids.From<WorkspaceId>(reader.GetGuid(1)),
            VectorStoreId = new VectorStoreId(reader.GetGuid(2)),
            Generation = reader.GetInt32(3),
            EmbeddingModel = reader.GetString(4),
            Dimensions = await reader.IsDBNullAsync(5, cancellationToken) ? null : reader.GetInt32(5),
            Epoch = reader.GetInt32(6),
            Attempts = reader.GetInt32(7),
        };
    }

    public async Task<bool> RenewAsync(ClaimedReembedding work, CancellationToken cancellationToken)
    {
        await using var command = database.Command(Renew, Of(work));
        command.CommandTimeout = 5;
        return await command.ExecuteNonQueryAsync(cancellationToken) > 0;
    }

    public async Task CountAsync(ClaimedReembedding work, CancellationToken cancellationToken)
    {
        var done = await TableAsync(work.Dimensions, cancellationToken) is { } table ? Into(HasVector, table) : " AND false AND $2 = 0";
        await using var command = database.Command(
            Into(Count, done), Sql.Of(work.VectorStoreId.Value), Sql.Of(work.Generation), Sql.Of(work.Id.Value), Sql.Of(work.Epoch));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task<UnembeddedChunks> NextAsync(ClaimedReembedding work, ChunkPlace after, int most, CancellationToken cancellationToken)
    {
        var missing = await TableAsync(await DimensionsAsync(work, cancellationToken), cancellationToken) is { } table ? Into(WithoutVector, table) : " AND $2 = $2";
        await using var command = database.Command(
            Into(Next, missing), Sql.Of(work.VectorStoreId.Value), Sql.Of(work.Generation), Sql.Of(after.File), Sql.Of(after.Ordinal), Sql.Of(most));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var (chunks, last) = (new List<UnembeddedChunk>(), after);
        while (await reader.ReadAsync(cancellationToken))
        {
            chunks.Add(new UnembeddedChunk(
                reader.GetInt64(0), reader.GetInt32(1), reader.GetFieldValue<byte[]>(2),
                DocumentChunk.TextToEmbed(reader.GetFieldValue<string[]>(4), reader.GetString(3)), reader.GetInt32(5)));
            last = new ChunkPlace(reader.GetGuid(6), reader.GetInt32(1));
        }

        return new UnembeddedChunks(chunks, last);
    }

    public async Task<bool> AgreeOnDimensionsAsync(ClaimedReembedding work, int dimensions, CancellationToken cancellationToken)
    {
        await tables.EnsureAsync(dimensions, cancellationToken);
        await using var command = database.Command(Agree, [.. Of(work), Sql.Of(dimensions)]);
        return await command.ExecuteNonQueryAsync(cancellationToken) > 0;
    }

    public async Task SaveAsync(ClaimedReembedding work, int dimensions, IReadOnlyCollection<ChunkVector> vectors, CancellationToken cancellationToken)
    {
        await tables.EnsureAsync(dimensions, cancellationToken);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var batch = connection.CreateBatch();
        var insert = Into(Save, VectorTables.NameOf(dimensions));
        foreach (var (chunk, vector) in vectors)
        {
            batch.Add(
                insert, Sql.Of(work.VectorStoreId.Value), Sql.Of(work.Generation), Sql.Of(work.WorkspaceId.Value), Sql.Of(chunk), Sql.Of(vector.ToArray()));
        }

        try
        {
            var saved = await batch.ExecuteNonQueryAsync(cancellationToken);
            if (await connection.ExecuteAsync(CameOn, cancellationToken, [.. Of(work), Sql.Of(Math.Max(saved, 0))]) == 0) throw new ReembeddingLost();
            await transaction.CommitAsync(cancellationToken);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.ForeignKeyViolation)
        {
            // One of the files was deleted in this moment. The others are met again.
        }
    }

    public async Task<bool> TrySwitchAsync(ClaimedReembedding work, TimeSpan keepPrevious, CancellationToken cancellationToken)
    {
        var dimensions = await DimensionsAsync(work, cancellationToken);
        var missing = await TableAsync(dimensions, cancellationToken) is { } table ? Into(WithoutVector, table) : " AND $2 = $2";
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        // Looked at before anybody has to wait, and once more when nobody can add to it.
        if (await IsMissingAsync(connection, missing, work, cancellationToken)) return false;
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        int? before;
        await using (var command = connection.Command("SET LOCAL lock_timeout = '5s'")) await command.ExecuteNonQueryAsync(cancellationToken);
        await using (var command = connection.Command(LockStore, Sql.Of(work.VectorStoreId.Value)))
        {
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            if (!await reader.ReadAsync(cancellationToken)) throw new ReembeddingLost();
            before = await reader.IsDBNullAsync(2, cancellationToken) ? null : reader.GetInt32(2);
        }

        if (await connection.ExecuteAsync(Complete, cancellationToken, Of(work)) == 0) throw new ReembeddingLost();
        await connection.ExecuteAsync(SendBack, cancellationToken, Sql.Of(work.VectorStoreId.Value));
        if (await IsMissingAsync(connection, missing, work, cancellationToken)) return false;
        await connection.ExecuteAsync(DropWaiting, cancellationToken, Sql.Of(work.VectorStoreId.Value));
        await connection.ExecuteAsync(Bury, cancellationToken, Sql.Of(work.VectorStoreId.Value), Sql.Of(work.Generation));
        await connection.ExecuteAsync(
            Switch, cancellationToken, Sql.Of(work.VectorStoreId.Value), Sql.Of(work.Generation), Sql.Of(work.EmbeddingModel),
            new NpgsqlParameter { Value = (object?)dimensions ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Integer }, Sql.Of(keepPrevious));
        await connection.ExecuteAsync(Weigh, cancellationToken, Sql.Of(work.VectorStoreId.Value), Sql.Of((dimensions ?? 0) - (before ?? 0)));
        await transaction.CommitAsync(cancellationToken);
        signals.Happened(work.VectorStoreId);
        signals.Claimable();
        return true;
    }

    public Task PostponeAsync(ClaimedReembedding work, Problem problem, TimeSpan delay, CancellationToken cancellationToken) =>
        WriteAsync(Postpone, [.. Of(work), Sql.Of(delay), Sql.Of(problem.Message)], cancellationToken);

    public Task ReleaseAsync(ClaimedReembedding work, CancellationToken cancellationToken) => WriteAsync(Release, Of(work), cancellationToken);

    public Task FailAsync(ClaimedReembedding work, Problem problem, CancellationToken cancellationToken) => WriteAsync(Fail, [.. Of(work), Sql.Of(problem.Message)], cancellationToken);

    public async Task<bool> ClearAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(LetPreviousGo, cancellationToken);
        await connection.ExecuteAsync(BuryCancelled, cancellationToken);
        var (store, generation, dimensions) = (Guid.Empty, 0, 0);
        await using (var command = connection.Command(DeadGeneration))
        {
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            if (!await reader.ReadAsync(cancellationToken)) return false;
            (store, generation, dimensions) = (reader.GetGuid(0), reader.GetInt32(1), reader.GetInt32(2));
        }

        var left = await VectorTables.ExistsAsync(connection, dimensions, cancellationToken)
            ? await connection.ExecuteAsync(Into(DeleteSome, VectorTables.NameOf(dimensions)), cancellationToken, Sql.Of(store), Sql.Of(generation))
            : 0;
        if (left == 0) await connection.ExecuteAsync(Forget, cancellationToken, Sql.Of(store), Sql.Of(generation));
        return true;
    }

    private static async Task<bool> IsMissingAsync(NpgsqlConnection connection, string missing, ClaimedReembedding work, CancellationToken cancellationToken)
    {
        await using var command = connection.Command(Into(IsMissing, missing), Sql.Of(work.VectorStoreId.Value), Sql.Of(work.Generation));
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    private async Task WriteAsync(string sql, NpgsqlParameter[] parameters, CancellationToken cancellationToken)
    {
        await using var command = database.Command(sql, parameters);
        if (await command.ExecuteNonQueryAsync(cancellationToken) == 0) throw new ReembeddingLost();
    }

    /// <summary>Of the vectors so far; they are agreed on while it runs.</summary>
    private async Task<int?> DimensionsAsync(ClaimedReembedding work, CancellationToken cancellationToken)
    {
        if (work.Dimensions is { } known) return known;
        await using var command = database.Command("SELECT dimensions FROM knowledge.reembeddings WHERE id = $1", Sql.Of(work.Id.Value));
        return await command.ExecuteScalarAsync(cancellationToken) as int?;
    }

    private async Task<string?> TableAsync(int? dimensions, CancellationToken cancellationToken)
    {
        if (dimensions is not { } known) return null;
        await tables.EnsureAsync(known, cancellationToken);
        return VectorTables.NameOf(known);
    }

    private static NpgsqlParameter[] Of(ClaimedReembedding work) => [Sql.Of(work.Id.Value), Sql.Of(work.Epoch)];

    private static string Into(string sql, string table) => sql.Replace("{0}", table, StringComparison.Ordinal);
}
