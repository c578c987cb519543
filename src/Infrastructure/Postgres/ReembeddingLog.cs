using AiPlatform.Application.Knowledge.Ingestion;
using AiPlatform.Application.Knowledge.Reembeddings;
using AiPlatform.Domain.Common;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Knowledge;
using Npgsql;

namespace AiPlatform.Infrastructure.Postgres;

/// <summary>Leases and states in <c>reembeddings</c>. Clocks are the database's. It works for all workspaces: whoever claims gets the workspace with it.</summary>
internal sealed class ReembeddingLog(NpgsqlDataSource database) : IReembeddingLog
{
    /// <summary>Of <c>knowledge.reembeddings</c>, with the parameters of <see cref="Of"/>.</summary>
    internal const string Own = " WHERE id = $1 AND epoch = $2 AND status = 'in_progress'";

    private const string Claim = """
        WITH chosen AS (
            SELECT r.id FROM knowledge.reembeddings r JOIN knowledge.vector_stores s ON s.id = r.vector_store_id
            WHERE r.status = 'in_progress' AND s.deleted_at IS NULL AND (r.owner IS NULL OR ($2 AND r.lease_until < now())) AND (r.next_retry_at IS NULL OR r.next_retry_at <= now())
            ORDER BY r.updated_at LIMIT 1 FOR NO KEY UPDATE OF r SKIP LOCKED)
        UPDATE knowledge.reembeddings r SET owner = $1, lease_until = now() + interval '30 seconds', epoch = epoch + 1, attempts = attempts + 1, next_retry_at = NULL, updated_at = now()
        FROM chosen WHERE r.id = chosen.id
        RETURNING r.id, r.workspace_id, r.vector_store_id, r.generation, r.embedding_model, r.dimensions, r.epoch, r.attempts
        """;

    private const string Renew = "UPDATE knowledge.reembeddings r SET lease_until = now() + interval '30 seconds'" + Own
        + " AND EXISTS (SELECT FROM knowledge.vector_stores s WHERE s.id = r.vector_store_id AND s.deleted_at IS NULL)";

    private const string Postpone = "UPDATE knowledge.reembeddings SET owner = NULL, lease_until = NULL, next_retry_at = now() + $3, error_message = $4, updated_at = now()" + Own;
    private const string Release = "UPDATE knowledge.reembeddings SET owner = NULL, lease_until = NULL, attempts = GREATEST(attempts - 1, 0), updated_at = now()" + Own;
    private const string Fail = "UPDATE knowledge.reembeddings SET status = 'failed', owner = NULL, lease_until = NULL, next_retry_at = NULL, error_message = $3, updated_at = now()" + Own;

    internal static NpgsqlParameter[] Of(ClaimedReembedding work) => [Sql.Of(work.Id.Value), Sql.Of(work.Epoch)];

    public async Task<ClaimedReembedding?> ClaimAsync(string owner, bool takesOver, CancellationToken cancellationToken)
    {
        await using var command = database.Command(Claim, Sql.Of(owner), Sql.Of(takesOver));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken)) return null;
        return new ClaimedReembedding
        {
            Id = new ReembeddingId(reader.GetGuid(0)),
            WorkspaceId = Ids.From<WorkspaceId>(reader.GetGuid(1)),
            VectorStoreId = new VectorStoreId(reader.GetGuid(2)),
            Generation = reader.GetInt32(3),
            EmbeddingModel = reader.GetString(4),
            Dimensions = await reader.IsDBNullAsync(5, cancellationToken) ? null : reader.GetInt32(5),
            Epoch = reader.GetInt32(6),
            Attempts = reader.GetInt32(7),
        };
    }

    public async Task<bool> RenewAsync(ClaimedReembedding work, CancellationToken cancellationToken)
    {
        await using var command = database.Command(Renew, Of(work));
        command.CommandTimeout = 5;
        return await command.ExecuteNonQueryAsync(cancellationToken) > 0;
    }

    public Task PostponeAsync(ClaimedReembedding work, Problem problem, TimeSpan delay, CancellationToken cancellationToken) =>
        WriteAsync(Postpone, [.. Of(work), Sql.Of(delay), Sql.Of(problem.Message)], cancellationToken);

    public Task ReleaseAsync(ClaimedReembedding work, CancellationToken cancellationToken) => WriteAsync(Release, Of(work), cancellationToken);

    public Task FailAsync(ClaimedReembedding work, Problem problem, CancellationToken cancellationToken) => WriteAsync(Fail, [.. Of(work), Sql.Of(problem.Message)], cancellationToken);

    private async Task WriteAsync(string sql, NpgsqlParameter[] parameters, CancellationToken cancellationToken)
    {
        await using var command = database.Command(sql, parameters);
        if (await command.ExecuteNonQueryAsync(cancellationToken) == 0) throw new ReembeddingLost();
    }
}
