using AiPlatform.Application.Knowledge.Search.Segments;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Knowledge;
using Npgsql;

namespace AiPlatform.Infrastructure.Postgres;

/// <summary>What searches read of the index of words.</summary>
internal sealed class LexicalSegments(NpgsqlDataSource database) : ILexicalSegments
{
    private const string List = """
        SELECT s.id, s.vector_store_id, s.chunks, s.length, s.languages
        FROM knowledge.vector_stores v JOIN knowledge.lexical_segments s ON s.vector_store_id = v.id
        LEFT JOIN knowledge.vector_store_files f ON f.id = s.vector_store_file_id
        WHERE v.workspace_id = $1 AND v.id = ANY ($2) AND v.deleted_at IS NULL AND (s.vector_store_file_id IS NULL OR f.status = 'completed')
        """;

    private const string Headers = "SELECT id, header, first_block FROM knowledge.lexical_segments WHERE id = ANY ($1)";

    private const string Blocks = """
        SELECT b.segment_id, b.ordinal, b.payload FROM unnest($1, $2) AS wanted (segment, ordinal)
        JOIN knowledge.lexical_blocks b ON b.segment_id = wanted.segment AND b.ordinal = wanted.ordinal
        """;

    private const string Chunks = """
        SELECT c.id, c.vector_store_id, c.vector_store_file_id, c.terms
        FROM knowledge.chunks c JOIN knowledge.vector_store_files f ON f.id = c.vector_store_file_id
        WHERE c.id = ANY ($3) AND c.workspace_id = $1 AND c.vector_store_id = ANY ($2) AND c.terms IS NOT NULL AND f.status = 'completed'
        """;

    public Task<IReadOnlyList<SegmentInfo>> ListAsync(WorkspaceId workspace, IReadOnlyCollection<VectorStoreId> stores, CancellationToken cancellationToken) => ReadAsync(
        database.Command(List, Sql.Of(workspace.Value), Sql.Of(Ids(stores))),
        row => new SegmentInfo(row.GetInt64(0), new VectorStoreId(row.GetGuid(1)), row.GetInt32(2), row.GetInt64(3), row.GetFieldValue<string[]>(4)),
        cancellationToken);

    public Task<IReadOnlyList<StoredHeader>> ReadHeadersAsync(IReadOnlyCollection<long> segments, CancellationToken cancellationToken) => ReadAsync(
        database.Command(Headers, Sql.Of(segments.ToArray())),
        row => new StoredHeader(row.GetInt64(0), row.GetFieldValue<byte[]>(1), row.GetFieldValue<byte[]>(2)),
        cancellationToken);

    public async Task<IReadOnlyList<StoredBlock>> ReadBlocksAsync(IReadOnlyCollection<BlockKey> blocks, CancellationToken cancellationToken)
    {
        var found = new List<StoredBlock>(blocks.Count);
        // The first of each lies with its header.
        var first = blocks.Where(key => key.Block == 0).Select(key => key.Segment).ToList();
        if (first.Count > 0) found.AddRange((await ReadHeadersAsync(first, cancellationToken)).Select(header => new StoredBlock(new BlockKey(header.Segment, 0), header.FirstBlock)));
        var others = blocks.Where(key => key.Block > 0).ToList();
        if (others.Count > 0)
        {
            found.AddRange(await ReadAsync(
                database.Command(Blocks, Sql.Of(others.Select(key => key.Segment).ToArray()), Sql.Of(others.Select(key => key.Block).ToArray())),
                row => new StoredBlock(new BlockKey(row.GetInt64(0), row.GetInt32(1)), row.GetFieldValue<byte[]>(2)),
                cancellationToken));
        }

        return found;
    }

    public Task<IReadOnlyList<StoredChunk>> ReadChunksAsync(
        WorkspaceId workspace, IReadOnlyCollection<VectorStoreId> stores, IReadOnlyCollection<long> chunks, CancellationToken cancellationToken) => ReadAsync(
        database.Command(Chunks, Sql.Of(workspace.Value), Sql.Of(Ids(stores)), Sql.Of(chunks.ToArray())),
        row => new StoredChunk(row.GetInt64(0), new VectorStoreId(row.GetGuid(1)), new VectorStoreFileId(row.GetGuid(2)), row.GetFieldValue<byte[]>(3)),
        cancellationToken);

    private static Guid[] Ids(IReadOnlyCollection<VectorStoreId> stores) => [.. stores.Select(store => store.Value)];

    private static async Task<IReadOnlyList<T>> ReadAsync<T>(NpgsqlCommand query, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        await using var command = query;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken)) rows.Add(read(reader));
        return rows;
    }
}
