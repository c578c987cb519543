using Npgsql;

namespace AiPlatform.Infrastructure.Postgres;

/// <summary>Deletes chunks of files together with all that hangs on them.</summary>
internal static class ChunkDeletion
{
    private const string Delete = """
        WITH words AS (DELETE FROM knowledge.lexical_segments WHERE vector_store_file_id = ANY ($1))
        DELETE FROM knowledge.chunks WHERE vector_store_file_id = ANY ($1)
        """;

    // Of all generations: what searches use, what was before, what is being made, and what is being cleared away.
    private const string Dimensions = """
        SELECT DISTINCT d.dimensions FROM knowledge.vector_stores s CROSS JOIN LATERAL (
            VALUES (s.dimensions), (s.previous_dimensions)
            UNION ALL SELECT r.dimensions FROM knowledge.reembeddings r WHERE r.vector_store_id = s.id
            UNION ALL SELECT g.dimensions FROM knowledge.dead_generations g WHERE g.vector_store_id = s.id) d (dimensions)
        WHERE d.dimensions IS NOT NULL AND (s.id = $1 OR s.id IN (SELECT f.vector_store_id FROM knowledge.vector_store_files f WHERE f.id = ANY ($2)))
        """;

    /// <summary>The chunks of these files and all vectors of theirs. Vectors know their file, not their chunk: that would cost a look-up for each.</summary>
    public static async Task DeleteChunksAsync(this NpgsqlConnection connection, Guid[] files, CancellationToken cancellationToken)
    {
        foreach (var known in await connection.DimensionsAsync(Guid.Empty, files, cancellationToken))
            await connection.ExecuteAsync($"DELETE FROM {VectorTables.NameOf(known)} WHERE vector_store_file_id = ANY ($1)", cancellationToken, Sql.Of(files));

        await connection.ExecuteAsync(Delete, cancellationToken, Sql.Of(files));
    }

    /// <summary>Of the vectors that this store, or those of these files, may have: where there is a table of them.</summary>
    public static async Task<List<int>> DimensionsAsync(this NpgsqlConnection connection, Guid store, Guid[] files, CancellationToken cancellationToken)
    {
        var dimensions = new List<int>();
        await using (var command = connection.Command(Dimensions, Sql.Of(store), Sql.Of(files)))
        {
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken)) dimensions.Add(reader.GetInt32(0));
        }

        var existing = new List<int>();
        foreach (var known in dimensions)
        {
            if (await VectorTables.ExistsAsync(connection, known, cancellationToken)) existing.Add(known);
        }

        return existing;
    }
}
