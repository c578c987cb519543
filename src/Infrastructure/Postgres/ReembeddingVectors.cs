using AiPlatform.Application.Knowledge.Ingestion;
using AiPlatform.Application.Knowledge.Reembeddings;
using Npgsql;

namespace AiPlatform.Infrastructure.Postgres;

/// <summary>The vectors of new generations, beside those that searches use until the switch.</summary>
internal sealed class ReembeddingVectors(NpgsqlDataSource database, VectorTables tables, DocumentSignals signals) : IReembeddingVectors
{
    // What came on is no failure.
    private const string CameOn = "UPDATE knowledge.reembeddings SET lease_until = now() + interval '30 seconds', done = done + $3, attempts = 1, error_message = NULL, updated_at = now()" + ReembeddingLog.Own;

    private const string Complete = "UPDATE knowledge.reembeddings SET status = 'completed', owner = NULL, lease_until = NULL, error_message = NULL, done = total, updated_at = now()" + ReembeddingLog.Own;

    private const string Agree = "UPDATE knowledge.reembeddings SET dimensions = $3" + ReembeddingLog.Own + " AND (dimensions IS NULL OR dimensions = $3)";

    private const string ChunksOfCompleted = """
        FROM knowledge.vector_store_files f JOIN knowledge.chunks c ON c.vector_store_file_id = f.id WHERE f.vector_store_id = $1 AND f.status = 'completed'
        """;

    private const string WithoutVector = " AND NOT EXISTS (SELECT FROM {0} v WHERE v.vector_store_id = $1 AND v.generation = $2 AND v.chunk_id = c.id)";

    private const string Next = "SELECT " + UnembeddedChunks.Columns + " " + ChunksOfCompleted
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
    private const string LockStore = "SELECT dimensions FROM knowledge.vector_stores WHERE id = $1 AND deleted_at IS NULL FOR UPDATE";

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

    public async Task CountAsync(ClaimedReembedding work, CancellationToken cancellationToken)
    {
        var done = await TableAsync(work.Dimensions, cancellationToken) is { } table ? Into(HasVector, table) : " AND false AND $2 = 0";
        await using var command = database.Command(
            Into(Count, done), Sql.Of(work.VectorStoreId.Value), Sql.Of(work.Generation), Sql.Of(work.Id.Value), Sql.Of(work.Epoch));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task<IReadOnlyList<UnembeddedChunk>> NextAsync(ClaimedReembedding work, ChunkPlace after, int most, CancellationToken cancellationToken)
    {
        var missing = await WithoutVectorAsync(await DimensionsAsync(work, cancellationToken), cancellationToken);
        await using var command = database.Command(
            Into(Next, missing), Sql.Of(work.VectorStoreId.Value), Sql.Of(work.Generation), Sql.Of(after.File), Sql.Of(after.Ordinal), Sql.Of(most));
        return await command.ReadUnembeddedAsync(cancellationToken);
    }

    public async Task<bool> AgreeOnDimensionsAsync(ClaimedReembedding work, int dimensions, CancellationToken cancellationToken)
    {
        await tables.EnsureAsync(dimensions, cancellationToken);
        await using var command = database.Command(Agree, [.. ReembeddingLog.Of(work), Sql.Of(dimensions)]);
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
            if (await connection.ExecuteAsync(CameOn, cancellationToken, [.. ReembeddingLog.Of(work), Sql.Of(Math.Max(saved, 0))]) == 0) throw new ReembeddingLost();
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
        var missing = await WithoutVectorAsync(dimensions, cancellationToken);
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
            before = await reader.IsDBNullAsync(0, cancellationToken) ? null : reader.GetInt32(0);
        }

        if (await connection.ExecuteAsync(Complete, cancellationToken, ReembeddingLog.Of(work)) == 0) throw new ReembeddingLost();
        await connection.ExecuteAsync(SendBack, cancellationToken, Sql.Of(work.VectorStoreId.Value));
        if (await IsMissingAsync(connection, missing, work, cancellationToken)) return false;
        await connection.ExecuteAsync(DropWaiting, cancellationToken, Sql.Of(work.VectorStoreId.Value));
        await connection.ExecuteAsync(Bury, cancellationToken, Sql.Of(work.VectorStoreId.Value), Sql.Of(work.Generation));
        await connection.ExecuteAsync(
            Switch, cancellationToken, Sql.Of(work.VectorStoreId.Value), Sql.Of(work.Generation), Sql.Of(work.EmbeddingModel),
            Sql.Of(dimensions), Sql.Of(keepPrevious));
        await connection.ExecuteAsync(Weigh, cancellationToken, Sql.Of(work.VectorStoreId.Value), Sql.Of((dimensions ?? 0) - (before ?? 0)));
        await transaction.CommitAsync(cancellationToken);
        signals.Happened(work.VectorStoreId);
        signals.Claimable();
        return true;
    }

    private static Task<bool> IsMissingAsync(NpgsqlConnection connection, string missing, ClaimedReembedding work, CancellationToken cancellationToken) =>
        connection.IsTrueAsync(Into(IsMissing, missing), cancellationToken, Sql.Of(work.VectorStoreId.Value), Sql.Of(work.Generation));

    /// <summary>Of the vectors so far; they are agreed on while it runs.</summary>
    private async Task<int?> DimensionsAsync(ClaimedReembedding work, CancellationToken cancellationToken)
    {
        if (work.Dimensions is { } known) return known;
        await using var command = database.Command("SELECT dimensions FROM knowledge.reembeddings WHERE id = $1", Sql.Of(work.Id.Value));
        return await command.ExecuteScalarAsync(cancellationToken) as int?;
    }

    private async Task<string> WithoutVectorAsync(int? dimensions, CancellationToken cancellationToken) =>
        await TableAsync(dimensions, cancellationToken) is { } table ? Into(WithoutVector, table) : " AND $2 = $2";

    private async Task<string?> TableAsync(int? dimensions, CancellationToken cancellationToken)
    {
        if (dimensions is not { } known) return null;
        await tables.EnsureAsync(known, cancellationToken);
        return VectorTables.NameOf(known);
    }

    private static string Into(string sql, string table) => sql.Replace("{0}", table, StringComparison.Ordinal);
}
