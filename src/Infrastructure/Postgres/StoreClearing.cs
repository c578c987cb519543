using System.Globalization;
using AiPlatform.Application.Knowledge.Ingestion;
using Npgsql;

namespace AiPlatform.Infrastructure.Postgres;

/// <summary>What is left of deleted stores, and of generations of vectors that nobody goes back to.</summary>
internal sealed class StoreClearing(NpgsqlDataSource database) : IStoreClearing
{
    private const string DeletedStore = "SELECT id FROM knowledge.vector_stores WHERE deleted_at IS NOT NULL ORDER BY deleted_at LIMIT 1";

    private const string StopFiles = """
        UPDATE knowledge.vector_store_files SET status = 'cancelled', epoch = epoch + 1, owner = NULL, lease_until = NULL WHERE vector_store_id = $1 AND status = 'in_progress'
        """;

    private const int ChunksAtOnce = 1000;

    private const string SomeChunks = """
        WITH slice AS MATERIALIZED (
            SELECT c.id FROM knowledge.vector_store_files f JOIN knowledge.chunks c ON c.vector_store_file_id = f.id WHERE f.vector_store_id = $1 LIMIT $2)
        """;

    private const string DeleteChunks = " DELETE FROM knowledge.chunks c USING slice WHERE c.id = slice.id";

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

    private const string DeleteVectors = """
        DELETE FROM {0} WHERE vector_store_id = $1 AND generation = $2 AND chunk_id IN (SELECT chunk_id FROM {0} WHERE vector_store_id = $1 AND generation = $2 LIMIT 1000)
        """;

    private const string Forget = "DELETE FROM knowledge.dead_generations WHERE vector_store_id = $1 AND generation = $2";

    public async Task<bool> ClearStoreAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        Guid store;
        await using (var command = connection.Command(DeletedStore))
        {
            if (await command.ExecuteScalarAsync(cancellationToken) is not Guid deleted) return false;
            store = deleted;
        }

        await connection.ExecuteAsync(StopFiles, cancellationToken, Sql.Of(store));
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var vectors = string.Concat((await connection.DimensionsAsync(store, [], cancellationToken)).Select(DeleteTheirs));
        var chunks = await connection.ExecuteAsync(SomeChunks + vectors + DeleteChunks, cancellationToken, Sql.Of(store), Sql.Of(ChunksAtOnce));
        if (chunks < ChunksAtOnce) await connection.ExecuteAsync("DELETE FROM knowledge.vector_stores WHERE id = $1", cancellationToken, Sql.Of(store));
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    public async Task<bool> ClearGenerationAsync(CancellationToken cancellationToken)
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
            ? await connection.ExecuteAsync(DeleteVectors.Replace("{0}", VectorTables.NameOf(dimensions), StringComparison.Ordinal), cancellationToken, Sql.Of(store), Sql.Of(generation))
            : 0;
        if (left == 0) await connection.ExecuteAsync(Forget, cancellationToken, Sql.Of(store), Sql.Of(generation));
        return true;
    }

    private static string DeleteTheirs(int dimensions) => string.Create(
        CultureInfo.InvariantCulture, $", vectors_{dimensions} AS (DELETE FROM {VectorTables.NameOf(dimensions)} v USING slice WHERE v.vector_store_id = $1 AND v.chunk_id = slice.id)");
}
