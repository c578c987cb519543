using AiPlatform.FakeModels;
using Npgsql;
using NpgsqlTypes;

namespace AiPlatform.Bench.Scenarios;

/// <summary>
/// Vector stores of very different sizes, written straight into the tables: what is measured is searching, and ingestion has a scenario of its own. Texts are of topics, so that their
/// vectors lie in clusters as real ones do; the fake vendor's embedding is computed here.
/// </summary>
internal sealed class SampleVectors(NpgsqlDataSource database, int chunks)
{
    public const int Stores = 200;
    public const int Dimensions = 384;
    public const string Model = "fake-embedding";

    // One of a hundred.
    public const string Region = "r7";

    private const int Topics = 500;
    private const int WordsOfTopic = 14;
    private const int CommonWords = 400;
    private const int ChunksOfFile = 20;
    private const int Smallest = 50;
    private const double Steepness = 1.06;

    private readonly Random _random = new(17);
    private readonly List<(Guid Id, int Chunks)> _stores = [];

    /// <summary>By size, the largest first.</summary>
    public IReadOnlyList<(Guid Id, int Chunks)> BySize => _stores;

    /// <summary>A question about some topic, in words that its texts use.</summary>
    public string Question()
    {
        var topic = _random.Next(Topics);
        return string.Join(' ', Words(topic, 6).Concat(Common(2)));
    }

    public async Task WriteAsync(Guid workspace, Guid user, CancellationToken cancellationToken)
    {
        var weights = Enumerable.Range(1, Stores).Select(rank => 1 / Math.Pow(rank, Steepness)).ToList();
        var spread = chunks - (Stores * Smallest);
        _stores.AddRange(weights.Select(weight => (Guid.CreateVersion7(), Smallest + (int)(spread * weight / weights.Sum()))));

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        // Rows are whole and fit together, so nothing is to be looked up for each; the index is built at once, as a large one is.
        await ExecuteAsync(connection, "SET session_replication_role = replica; SET maintenance_work_mem = '1GB'; SET synchronous_commit = off", cancellationToken);
        await using var find = new NpgsqlCommand($"SELECT indexdef FROM pg_indexes WHERE schemaname = 'knowledge' AND indexname = 'vectors_{Dimensions}_by_vector'", connection);
        var index = (string)(await find.ExecuteScalarAsync(cancellationToken))!;
        await ExecuteAsync(connection, $"DROP INDEX knowledge.vectors_{Dimensions}_by_vector", cancellationToken);
        await ExecuteAsync(
            connection,
            "CREATE TEMP TABLE new_chunks (store uuid, file uuid, stored uuid, ordinal int, content text, region text, embedding real[])",
            cancellationToken);
        await CopyAsync(connection, cancellationToken);
        await ExecuteAsync(connection, Spread(workspace, user), cancellationToken);
        await ExecuteAsync(connection, index, cancellationToken);
        await ExecuteAsync(connection, "VACUUM ANALYZE", cancellationToken);
    }

    /// <summary>Files of the stores come in any order, so that a store's rows lie apart from each other.</summary>
    private async Task CopyAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var files = _stores.SelectMany(store => Enumerable.Range(0, (store.Chunks + ChunksOfFile - 1) / ChunksOfFile)
            .Select(file => (store.Id, Chunks: Math.Min(ChunksOfFile, store.Chunks - (file * ChunksOfFile))))).ToArray();
        _random.Shuffle(files);
        await using var copy = await connection.BeginBinaryImportAsync("COPY new_chunks FROM STDIN (FORMAT BINARY)", cancellationToken);
        foreach (var (store, count) in files)
        {
            var (file, stored, topic, region) = (Guid.CreateVersion7(), Guid.CreateVersion7(), _random.Next(Topics), $"r{_random.Next(100)}");
            for (var i = 0; i < count; i++)
            {
                // Mostly what the file is about.
                var text = string.Join(' ', Words(_random.Next(4) > 0 ? topic : _random.Next(Topics), 12).Concat(Common(8)));
                await copy.StartRowAsync(cancellationToken);
                await copy.WriteAsync(store, cancellationToken);
                await copy.WriteAsync(file, cancellationToken);
                await copy.WriteAsync(stored, cancellationToken);
                // Apart from each other, so that none are shown as one.
                await copy.WriteAsync(2 * i, cancellationToken);
                await copy.WriteAsync(text, cancellationToken);
                await copy.WriteAsync(region, cancellationToken);
                await copy.WriteAsync(FakeEmbedding.For(text, Dimensions), NpgsqlDbType.Array | NpgsqlDbType.Real, cancellationToken);
            }
        }

        await copy.CompleteAsync(cancellationToken);
    }

    private string Spread(Guid workspace, Guid user) => $$"""
        INSERT INTO knowledge.vector_stores (id, workspace_id, user_id, name, metadata, embedding_model, dimensions, created_at, last_active_at)
        SELECT DISTINCT store, '{{workspace}}'::uuid, '{{user}}'::uuid, 'bench', '{}'::json, '{{Model}}', {{Dimensions}}, now(), now() FROM new_chunks;
        INSERT INTO knowledge.files (id, workspace_id, user_id, filename, purpose, status, bytes, created_at)
        SELECT DISTINCT stored, '{{workspace}}'::uuid, '{{user}}'::uuid, 'bench.txt', 'assistants', 'ready', 1, now() FROM new_chunks;
        INSERT INTO knowledge.vector_store_files (id, workspace_id, vector_store_id, file_id, attributes, max_chunk_tokens, chunk_overlap_tokens, status, step, progress, attempts, epoch, chunk_count,
            usage_bytes, created_at, updated_at)
        SELECT file, '{{workspace}}'::uuid, store, stored, jsonb_build_object('region', min(region)), 800, 0, 'completed', 'switch', 1, 1, 1, count(*), 1, now(), now() FROM new_chunks GROUP BY file, store, stored;
        INSERT INTO knowledge.chunks (workspace_id, vector_store_id, vector_store_file_id, ordinal, content, headings, first_page, last_page, start_offset, end_offset, tokens, embedding_hash)
        SELECT '{{workspace}}'::uuid, store, file, ordinal, content, '{}', 1, 1, ordinal * 1000, ordinal * 1000 + length(content), 30, sha256(content::bytea) FROM new_chunks;
        INSERT INTO knowledge.vectors_{{Dimensions}} (vector_store_id, chunk_id, vector_store_file_id, workspace_id, embedding)
        SELECT n.store, c.id, n.file, '{{workspace}}'::uuid, n.embedding::halfvec FROM new_chunks n JOIN knowledge.chunks c ON c.vector_store_file_id = n.file AND c.ordinal = n.ordinal;
        """;

    private IEnumerable<string> Words(int topic, int count) => Enumerable.Range(0, count).Select(_ => $"t{topic}w{_random.Next(WordsOfTopic)}");

    private IEnumerable<string> Common(int count) => Enumerable.Range(0, count).Select(_ => $"c{(int)(CommonWords * Math.Pow(_random.NextDouble(), 2))}");

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 1800 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
