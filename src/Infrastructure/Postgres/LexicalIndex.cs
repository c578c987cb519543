using AiPlatform.Application.Knowledge.Ingestion;
using AiPlatform.Application.Knowledge.Search.Analysis;
using AiPlatform.Application.Knowledge.Search.Segments;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Knowledge;
using Npgsql;

namespace AiPlatform.Infrastructure.Postgres;

/// <summary>Writes the segments of files.</summary>
internal sealed class LexicalIndex(NpgsqlDataSource database) : ILexicalIndex
{
    private const string Terms = "SELECT id, ordinal, terms FROM knowledge.chunks WHERE vector_store_file_id = $1 AND ordinal > $2 ORDER BY ordinal LIMIT $3";
    private const string Texts = "SELECT id, ordinal, content, headings FROM knowledge.chunks WHERE vector_store_file_id = $1 AND ordinal > $2 ORDER BY ordinal LIMIT $3";
    private const string Delete = "DELETE FROM knowledge.lexical_segments WHERE vector_store_file_id = $1";
    private const string Note = "UPDATE knowledge.vector_store_files SET lexical_version = $2 WHERE id = $1";

    private const string Unread = """
        SELECT f.id, f.workspace_id, f.vector_store_id FROM knowledge.vector_store_files f JOIN knowledge.vector_stores s ON s.id = f.vector_store_id AND s.deleted_at IS NULL
        WHERE f.status = 'completed' AND f.lexical_version IS NULL ORDER BY f.id LIMIT $1
        """;

    private const string LockUnread = "SELECT 1 FROM knowledge.vector_store_files WHERE id = $1 AND status = 'completed' AND lexical_version IS NULL FOR NO KEY UPDATE";

    private const string SaveTerms = "UPDATE knowledge.chunks c SET terms = new.terms FROM unnest($1, $2) AS new (id, terms) WHERE c.id = new.id";

    public async Task<IReadOnlyList<TermsOfChunk>> ReadTermsAsync(VectorStoreFileId file, int after, int most, CancellationToken cancellationToken)
    {
        await using var command = database.Command(Terms, Sql.Of(file.Value), Sql.Of(after), Sql.Of(most));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var chunks = new List<TermsOfChunk>();
        while (await reader.ReadAsync(cancellationToken))
            chunks.Add(new TermsOfChunk(reader.GetInt64(0), reader.GetInt32(1), await reader.IsDBNullAsync(2, cancellationToken) ? null : reader.GetFieldValue<byte[]>(2)));
        return chunks;
    }

    public async Task<IReadOnlyList<TextOfChunk>> ReadTextsAsync(VectorStoreFileId file, int after, int most, CancellationToken cancellationToken)
    {
        await using var command = database.Command(Texts, Sql.Of(file.Value), Sql.Of(after), Sql.Of(most));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var chunks = new List<TextOfChunk>();
        while (await reader.ReadAsync(cancellationToken)) chunks.Add(new TextOfChunk(reader.GetInt64(0), reader.GetInt32(1), reader.GetString(2), reader.GetFieldValue<string[]>(3)));
        return chunks;
    }

    public async Task SaveAsync(ClaimedFile file, IReadOnlyList<Segment> segments, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        try
        {
            await connection.HoldAsync(file, cancellationToken);
            await WriteAsync(connection, file.WorkspaceId, file.VectorStoreId, file.Id, segments, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
        catch (PostgresException e) when (e.SqlState is Sql.NotHeld or PostgresErrorCodes.ForeignKeyViolation)
        {
            throw new FileLost(e);
        }
    }

    public async Task<IReadOnlyList<UnreadFile>> UnreadAsync(int most, CancellationToken cancellationToken)
    {
        await using var command = database.Command(Unread, Sql.Of(most));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var files = new List<UnreadFile>();
        while (await reader.ReadAsync(cancellationToken)) files.Add(new UnreadFile(new VectorStoreFileId(reader.GetGuid(0)), new WorkspaceId(reader.GetGuid(1)), new VectorStoreId(reader.GetGuid(2))));
        return files;
    }

    public async Task AddAsync(UnreadFile file, IReadOnlyCollection<TermsOfChunk> chunks, IReadOnlyList<Segment> segments, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using (var command = connection.Command(LockUnread, Sql.Of(file.Id.Value)))
        {
            if (await command.ExecuteScalarAsync(cancellationToken) is null) return;
        }

        await connection.ExecuteAsync(SaveTerms, cancellationToken, Sql.Of(chunks.Select(chunk => chunk.Id).ToArray()), Sql.Of(chunks.Select(chunk => chunk.Terms!).ToArray()));
        await WriteAsync(connection, file.WorkspaceId, file.VectorStoreId, file.Id, segments, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private static async Task WriteAsync(
        NpgsqlConnection connection, WorkspaceId workspace, VectorStoreId store, VectorStoreFileId file, IReadOnlyList<Segment> segments, CancellationToken cancellationToken)
    {
        await connection.ExecuteAsync(Delete, cancellationToken, Sql.Of(file.Value));
        foreach (var segment in segments) await connection.InsertSegmentAsync(workspace, store, file, segment, cancellationToken);
        await connection.ExecuteAsync(Note, cancellationToken, Sql.Of(file.Value), Sql.Of(TextAnalysis.Version));
    }
}
