using System.Collections.Concurrent;
using System.Globalization;
using AiPlatform.Domain.Knowledge;
using Npgsql;

namespace AiPlatform.Infrastructure.Postgres;

/// <summary>
/// The tables of vectors: one for each number of dimensions, because an index has one. Partitioned by store, so that a store's vectors lie close together and the
/// index of many small ones is not that of one huge one.
/// </summary>
internal sealed class VectorTables(NpgsqlDataSource database)
{
    private const int Partitions = 16;
    private const int Tries = 10;

    private readonly ConcurrentDictionary<int, bool> _known = [];

    public static string NameOf(int dimensions) => string.Create(CultureInfo.InvariantCulture, $"knowledge.vectors_{dimensions}");

    /// <summary>Makes the table unless it is there. Not within another transaction: it waits for those that write files.</summary>
    public async Task EnsureAsync(int dimensions, CancellationToken cancellationToken)
    {
        if (_known.ContainsKey(dimensions)) return;
        for (var left = Tries; ; left--)
        {
            try
            {
                await MakeAsync(dimensions, cancellationToken);
                _known[dimensions] = true;
                return;
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.LockNotAvailable && left > 0)
            {
                // Whoever waits for a table lock holds everybody up who comes after. So it does not wait long, and tries again.
                await Task.Delay(TimeSpan.FromMilliseconds(200), cancellationToken);
            }
        }
    }

    /// <summary>Whether there is one, for who only reads or deletes.</summary>
    public static async Task<bool> ExistsAsync(NpgsqlConnection connection, int dimensions, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT to_regclass($1) IS NOT NULL", connection) { Parameters = { Sql.Of(NameOf(dimensions)) } };
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    private async Task MakeAsync(int dimensions, CancellationToken cancellationToken)
    {
        if (dimensions is < 1 or > VectorStore.MostDimensions) throw new ArgumentOutOfRangeException(nameof(dimensions), dimensions, "No table can hold vectors of so many dimensions.");
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        if (await ExistsAsync(connection, dimensions, cancellationToken)) return;
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync("SELECT pg_advisory_xact_lock(7810772034)", cancellationToken);
        await connection.ExecuteAsync(Create(dimensions), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private static string Create(int dimensions)
    {
        var table = NameOf(dimensions);
        var partitions = Enumerable.Range(0, Partitions).Select(i => string.Create(
            CultureInfo.InvariantCulture, $"CREATE TABLE IF NOT EXISTS {table}_{i} PARTITION OF {table} FOR VALUES WITH (MODULUS {Partitions}, REMAINDER {i});"));
        return string.Create(CultureInfo.InvariantCulture, $"""
            SET LOCAL lock_timeout = '1s';
            CREATE TABLE IF NOT EXISTS {table} (
                vector_store_id uuid NOT NULL,
                chunk_id bigint NOT NULL,
                vector_store_file_id uuid NOT NULL REFERENCES knowledge.vector_store_files (id) ON DELETE CASCADE,
                workspace_id uuid NOT NULL,
                embedding halfvec({dimensions}) STORAGE PLAIN NOT NULL,
                PRIMARY KEY (vector_store_id, chunk_id)
            ) PARTITION BY HASH (vector_store_id);
            {string.Join('\n', partitions)}
            CREATE INDEX IF NOT EXISTS vectors_{dimensions}_by_file ON {table} (vector_store_file_id);
            CREATE INDEX IF NOT EXISTS vectors_{dimensions}_by_vector ON {table} USING hnsw (embedding halfvec_cosine_ops);
            """);
    }
}
