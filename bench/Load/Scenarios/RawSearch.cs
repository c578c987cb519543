using AiPlatform.FakeModels;
using Npgsql;

namespace AiPlatform.Bench.Scenarios;

/// <summary>The statements of a search by meaning, as the server runs them, and nothing else: the measure of what is around them.</summary>
internal sealed class RawSearch(NpgsqlDataSource database, Guid workspace)
{
    private const int MostExact = 5000;
    private const int Most = 100;

    private readonly Dictionary<Guid, long> _sizes = [];

    public async Task RunAsync(Guid store, string question, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await ReadAsync(connection, cancellationToken, "SELECT id, embedding_model, dimensions, expires_after_days, last_active_at FROM knowledge.vector_stores WHERE workspace_id = $1 AND id = ANY ($2) AND deleted_at IS NULL", workspace, new[] { store });
        if (!_sizes.TryGetValue(store, out var size))
            _sizes[store] = size = (await ReadAsync(connection, cancellationToken, "SELECT COALESCE(sum(chunk_count), 0) FROM knowledge.vector_store_files WHERE vector_store_id = $1", store))[0];
        var chunks = await NearestAsync(connection, store, FakeEmbedding.For(question, SampleVectors.Dimensions), size > MostExact, cancellationToken);
        const string Located = "FROM knowledge.chunks c JOIN knowledge.vector_store_files f ON f.id = c.vector_store_file_id";
        const string Visible = "WHERE c.id = ANY ($3) AND c.workspace_id = $1 AND c.vector_store_id = ANY ($2) AND f.status = 'completed'";
        const string Columns = "SELECT c.id, c.vector_store_id, c.vector_store_file_id, f.file_id, c.ordinal, c.start_offset, c.end_offset, c.space_before";
        await ReadAsync(connection, cancellationToken, $"{Columns} {Located} {Visible}", workspace, new[] { store }, chunks.ToArray());
        await ReadAsync(
            connection, cancellationToken,
            $"{Columns}, s.filename, f.attributes, c.content, c.headings, c.first_page, c.page_starts {Located} JOIN knowledge.files s ON s.id = f.file_id {Visible}",
            workspace, new[] { store }, chunks.Take(10).ToArray());
    }

    private async Task<List<long>> NearestAsync(NpgsqlConnection connection, Guid store, float[] vector, bool isLarge, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new NpgsqlBatchCommand("""
            SELECT set_config('plan_cache_mode', 'force_custom_plan', true), set_config('hnsw.iterative_scan', 'relaxed_order', true),
                set_config('hnsw.ef_search', '100', true), set_config('hnsw.max_scan_tuples', '20000', true)
            """));
        var table = $"knowledge.vectors_{SampleVectors.Dimensions}";
        var command = new NpgsqlBatchCommand(isLarge
            ? $"""
               SELECT v.chunk_id, v.embedding <=> $3::halfvec AS distance FROM {table} v
               WHERE v.workspace_id = $1 AND v.vector_store_id = $2 AND (SELECT f.status = 'completed' FROM knowledge.vector_store_files f WHERE f.id = v.vector_store_file_id)
               ORDER BY v.embedding <=> $3::halfvec LIMIT $4
               """
            : $"""
               SELECT v.chunk_id, v.embedding <=> $3::halfvec AS distance
               FROM knowledge.vector_store_files f JOIN {table} v ON v.vector_store_id = f.vector_store_id AND v.vector_store_file_id = f.id
               WHERE f.workspace_id = $1 AND f.vector_store_id = $2 AND f.status = 'completed' ORDER BY (v.embedding <=> $3::halfvec) + 0 LIMIT $4
               """);
        foreach (var value in new object[] { workspace, store, vector, Most }) command.Parameters.Add(new NpgsqlParameter { Value = value });
        batch.BatchCommands.Add(command);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        var chunks = new List<long>();
        while (await reader.ReadAsync(cancellationToken)) chunks.Add(reader.GetInt64(0));
        return chunks;
    }

    private static async Task<List<long>> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken, string sql, params object[] values)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values) command.Parameters.Add(new NpgsqlParameter { Value = value });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var numbers = new List<long>();
        while (await reader.ReadAsync(cancellationToken)) numbers.Add(reader.GetValue(0) is long number ? number : 0);
        return numbers;
    }
}
