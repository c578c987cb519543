using AiPlatform.Application.Knowledge.Search.Segments;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Knowledge;
using Npgsql;

namespace AiPlatform.Infrastructure.Postgres;

/// <summary>How a segment is written, within whatever transaction: one row, and one for each block but the first.</summary>
internal static class SegmentRows
{
    private const string Insert = """
        INSERT INTO knowledge.lexical_segments (workspace_id, vector_store_id, vector_store_file_id, chunks, length, languages, header, first_block)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id
        """;

    private const string InsertBlocks = """
        INSERT INTO knowledge.lexical_blocks (segment_id, ordinal, workspace_id, payload) SELECT $1, block.ordinal::integer, $2, block.payload
        FROM unnest($3) WITH ORDINALITY AS block (payload, ordinal)
        """;

    public static async Task InsertSegmentAsync(
        this NpgsqlConnection connection, WorkspaceId workspace, VectorStoreId store, VectorStoreFileId? file, Segment segment, CancellationToken cancellationToken)
    {
        await using var insert = connection.Command(
            Insert, Sql.Of(workspace.Value), Sql.Of(store.Value), Sql.Of(file?.Value), Sql.Of(segment.Chunks), Sql.Of(segment.Length),
            Sql.Of(segment.Languages.ToArray()), Sql.Of(segment.Header), Sql.Of(segment.Blocks.Count > 0 ? segment.Blocks[0] : []));
        var id = (long)(await insert.ExecuteScalarAsync(cancellationToken))!;
        if (segment.Blocks.Count > 1)
            await connection.ExecuteAsync(InsertBlocks, cancellationToken, Sql.Of(id), Sql.Of(workspace.Value), Sql.Of(segment.Blocks.Skip(1).ToArray()));
    }
}
