using AiPlatform.Application.Knowledge.Search.Segments;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Knowledge;
using Npgsql;

namespace AiPlatform.Infrastructure.Postgres;

/// <summary>
/// Exchanges segments. Nothing is locked while they are read and merged. A file that is deleted meanwhile takes its own segment with it, and then the exchange finds one too few.
/// </summary>
internal sealed class SegmentMerging(NpgsqlDataSource database) : ISegmentMerging
{
    private const string Stores = """
        SELECT s.workspace_id, s.id FROM knowledge.vector_stores s
        WHERE s.deleted_at IS NULL AND s.id IN (
            SELECT vector_store_id FROM knowledge.lexical_segments GROUP BY vector_store_id HAVING count(*) >= $1
            UNION SELECT vector_store_id FROM knowledge.lexical_garbage)
        """;

    private const string List = """
        SELECT s.id, s.chunks, s.vector_store_file_id IS NOT NULL
        FROM knowledge.lexical_segments s LEFT JOIN knowledge.vector_store_files f ON f.id = s.vector_store_file_id
        WHERE s.vector_store_id = $1 AND (s.vector_store_file_id IS NULL OR f.status = 'completed')
        """;

    private const string Segments = "SELECT id, chunks, length, languages, header, first_block FROM knowledge.lexical_segments WHERE id = ANY ($1) ORDER BY id";
    private const string Blocks = "SELECT segment_id, payload FROM knowledge.lexical_blocks WHERE segment_id = ANY ($1) ORDER BY segment_id, ordinal";
    private const string Alive = "SELECT id FROM knowledge.vector_store_files WHERE id = ANY ($1)";
    private const string Delete = "DELETE FROM knowledge.lexical_segments WHERE id = ANY ($1)";
    private const string Gone = "SELECT vector_store_file_id, chunks FROM knowledge.lexical_garbage WHERE vector_store_id = $1";
    private const string Forget = "DELETE FROM knowledge.lexical_garbage WHERE vector_store_file_id = ANY ($1)";

    public Task<IReadOnlyList<MergeableStore>> FindStoresAsync(int segments, CancellationToken cancellationToken) => ReadAsync(
        database.Command(Stores, Sql.Of(segments)), row => new MergeableStore(new WorkspaceId(row.GetGuid(0)), new VectorStoreId(row.GetGuid(1))), cancellationToken);

    public Task<IReadOnlyList<MergeableSegment>> ListAsync(VectorStoreId store, CancellationToken cancellationToken) => ReadAsync(
        database.Command(List, Sql.Of(store.Value)), row => new MergeableSegment(row.GetInt64(0), row.GetInt32(1), row.GetBoolean(2)), cancellationToken);

    public async Task<IReadOnlyList<Segment>?> ReadAsync(IReadOnlyList<long> segments, CancellationToken cancellationToken)
    {
        var blocks = new Dictionary<long, List<byte[]>>();
        var read = await ReadAsync(
            database.Command(Segments, Sql.Of(segments.ToArray())),
            row =>
            {
                var first = row.GetFieldValue<byte[]>(5);
                blocks[row.GetInt64(0)] = first.Length > 0 ? [first] : [];
                return new Segment(row.GetInt32(1), row.GetInt64(2), row.GetFieldValue<string[]>(3), row.GetFieldValue<byte[]>(4), blocks[row.GetInt64(0)]);
            },
            cancellationToken);
        if (read.Count < segments.Count) return null;
        foreach (var (segment, payload) in await ReadAsync(database.Command(Blocks, Sql.Of(segments.ToArray())), row => (row.GetInt64(0), row.GetFieldValue<byte[]>(1)), cancellationToken))
            blocks[segment].Add(payload);
        return read;
    }

    public async Task<IReadOnlySet<Guid>> AliveAsync(IReadOnlyCollection<Guid> files, CancellationToken cancellationToken) =>
        (await ReadAsync(database.Command(Alive, Sql.Of(files.ToArray())), row => row.GetGuid(0), cancellationToken)).ToHashSet();

    public async Task<bool> ReplaceAsync(MergeableStore store, IReadOnlyList<long> segments, Segment? by, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        try
        {
            if (by is not null) await connection.InsertSegmentAsync(store.WorkspaceId, store.VectorStoreId, file: null, by, cancellationToken);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.ForeignKeyViolation)
        {
            return false;
        }

        // Last, so that whoever deletes one of their files hardly waits.
        if (await connection.ExecuteAsync(Delete, cancellationToken, Sql.Of(segments.ToArray())) != segments.Count) return false;
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    public async Task<IReadOnlyDictionary<Guid, int>> GoneAsync(VectorStoreId store, CancellationToken cancellationToken) =>
        (await ReadAsync(database.Command(Gone, Sql.Of(store.Value)), row => KeyValuePair.Create(row.GetGuid(0), row.GetInt32(1)), cancellationToken)).ToDictionary();

    public Task ForgetAsync(IReadOnlyCollection<Guid> files, CancellationToken cancellationToken) =>
        ReadAsync(database.Command(Forget, Sql.Of(files.ToArray())), _ => 0, cancellationToken);

    private static async Task<IReadOnlyList<T>> ReadAsync<T>(NpgsqlCommand query, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        await using var command = query;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken)) rows.Add(read(reader));
        return rows;
    }
}
