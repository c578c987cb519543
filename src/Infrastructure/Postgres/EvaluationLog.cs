using AiPlatform.Application.Knowledge.Evaluations;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Knowledge;
using Npgsql;
using NpgsqlTypes;

namespace AiPlatform.Infrastructure.Postgres;

/// <summary>Whoever claims an evaluation raises its epoch; what anybody writes under an older one is refused.</summary>
internal sealed class EvaluationLog(NpgsqlDataSource database) : IEvaluationLog
{
    private const string Claim = """
        UPDATE knowledge.evaluations SET status = 'in_progress', epoch = epoch + 1, attempts = attempts + 1, owner = $2, updated_at = now(), started_at = COALESCE(started_at, now())
        WHERE id = $1 AND status IN ('queued', 'in_progress')
        RETURNING workspace_id, vector_store_id, settings::text, epoch, attempts
        """;

    private const string Advance = """
        UPDATE knowledge.evaluations SET asked = asked + $3, attempts = 0, updated_at = now() WHERE id = $1 AND epoch = $2 AND status = 'in_progress'
        """;

    private const string Write = """
        UPDATE knowledge.evaluation_questions SET found_at = $3, relevant_at = $4, hit_count = $5, latency_ms = $6, hits = $7 WHERE evaluation_id = $1 AND ordinal = $2
        """;

    private const string Complete = """
        UPDATE knowledge.evaluations SET status = 'completed', metrics = $3, owner = NULL, updated_at = now(), ended_at = now() WHERE id = $1 AND epoch = $2 AND status = 'in_progress'
        """;

    private const string Fail = """
        UPDATE knowledge.evaluations SET status = 'failed', error_code = $3, error_message = $4, owner = NULL, updated_at = now(), ended_at = now()
        WHERE id = $1 AND epoch = $2 AND status = 'in_progress'
        """;

    private const string Stalled = """
        SELECT id, workspace_id FROM knowledge.evaluations WHERE status IN ('queued', 'in_progress') AND updated_at < now() - $1 ORDER BY updated_at LIMIT 100
        """;

    public async Task<ClaimedEvaluation?> ClaimAsync(EvaluationId id, CancellationToken cancellationToken)
    {
        await using var command = database.Command(Claim, Sql.Of(id.Value), Sql.Of(Owner.ThisProcess));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new ClaimedEvaluation(id, new WorkspaceId(reader.GetGuid(0)), new VectorStoreId(reader.GetGuid(1)), reader.GetString(2), reader.GetInt32(3), reader.GetInt32(4))
            : null;
    }

    public async Task<bool> SaveAsync(ClaimedEvaluation evaluation, IReadOnlyList<AnsweredQuestion> answers, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        // Locks the row: who claims, cancels or deletes it at this moment waits, and finds this batch whole.
        if (await connection.ExecuteAsync(Advance, cancellationToken, Sql.Of(evaluation.Id.Value), Sql.Of(evaluation.Epoch), Sql.Of(answers.Count)) == 0) return false;
        await using var batch = new NpgsqlBatch(connection, transaction);
        foreach (var answer in answers)
        {
            batch.Add(
                Write, Sql.Of(evaluation.Id.Value), Sql.Of(answer.Ordinal), Sql.Of<int[]>([.. answer.FoundAt]), Sql.Of<int[]>([.. answer.RelevantAt]),
                Sql.Of(answer.HitCount), Sql.Of(answer.LatencyMs), Json(answer.Hits));
        }

        await batch.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    public Task CompleteAsync(ClaimedEvaluation evaluation, string metrics, CancellationToken cancellationToken) =>
        EndAsync(database.Command(Complete, Sql.Of(evaluation.Id.Value), Sql.Of(evaluation.Epoch), Json(metrics)), cancellationToken);

    public Task FailAsync(ClaimedEvaluation evaluation, string code, string message, CancellationToken cancellationToken) =>
        EndAsync(database.Command(Fail, Sql.Of(evaluation.Id.Value), Sql.Of(evaluation.Epoch), Sql.Of(code), Sql.Of(message)), cancellationToken);

    public async Task<IReadOnlyList<WaitingEvaluation>> StalledAsync(TimeSpan since, CancellationToken cancellationToken)
    {
        await using var command = database.Command(Stalled, Sql.Of(since));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var stalled = new List<WaitingEvaluation>();
        while (await reader.ReadAsync(cancellationToken)) stalled.Add(new WaitingEvaluation(new EvaluationId(reader.GetGuid(0)), new WorkspaceId(reader.GetGuid(1))));
        return stalled;
    }

    private static async Task EndAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using (command) await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static NpgsqlParameter<string> Json(string value) => new() { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Json };
}
