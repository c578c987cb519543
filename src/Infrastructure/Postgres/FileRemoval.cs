using AiPlatform.Application.Knowledge.Files;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Knowledge;
using Npgsql;

namespace AiPlatform.Infrastructure.Postgres;

/// <summary>One statement, and so one transaction: chunks and vectors go with the rows they belong to.</summary>
internal sealed class FileRemoval(NpgsqlDataSource database) : IFileRemoval
{
    private const string TakeOut = """
        , taken_out AS (DELETE FROM knowledge.vector_store_files WHERE file_id IN (SELECT id FROM hidden) RETURNING vector_store_id)
        SELECT (SELECT count(*)::integer FROM hidden), ARRAY(SELECT DISTINCT vector_store_id FROM taken_out)
        """;

    private const string HideOne = """
        WITH hidden AS (
            UPDATE knowledge.files SET status = 'deleted' WHERE workspace_id = $1 AND id = $2 AND status <> 'deleted' RETURNING id)
        """ + TakeOut;

    private const string HideExpired = """
        WITH hidden AS (
            UPDATE knowledge.files SET status = 'deleted' WHERE id IN (
                SELECT id FROM knowledge.files WHERE expires_at <= $1 AND status = 'ready' ORDER BY expires_at LIMIT $2 FOR UPDATE SKIP LOCKED)
            RETURNING id)
        """ + TakeOut;

    public Task<HiddenFiles> HideAsync(WorkspaceId workspace, FileId file, CancellationToken cancellationToken) =>
        RunAsync(HideOne, [new() { Value = workspace.Value }, new() { Value = file.Value }], cancellationToken);

    public Task<HiddenFiles> HideExpiredAsync(DateTimeOffset now, int most, CancellationToken cancellationToken) =>
        RunAsync(HideExpired, [new() { Value = now.UtcDateTime }, new() { Value = most }], cancellationToken);

    private async Task<HiddenFiles> RunAsync(string sql, NpgsqlParameter[] parameters, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(sql);
        command.Parameters.AddRange(parameters);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new HiddenFiles(reader.GetInt32(0), [.. reader.GetFieldValue<Guid[]>(1).Select(VectorStoreId.From)]);
    }
}
