using AiPlatform.Application.Knowledge.Ingestion;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace AiPlatform.Infrastructure.Postgres;

/// <summary>Looks at the queue of all workspaces.</summary>
internal sealed class IngestionQueueState(NpgsqlDataSource database)
{
    private const string Read = """
        SELECT count(*) FILTER (WHERE is_waiting)::int, COALESCE(max(now() - since) FILTER (WHERE is_waiting), '0'),
            count(*) FILTER (WHERE owner IS NOT NULL AND lease_until >= now())::int,
            count(*) FILTER (WHERE owner IS NOT NULL AND lease_until < now())::int,
            count(*) FILTER (WHERE owner IS NULL AND NOT is_waiting)::int
        FROM (
            SELECT owner, lease_until, GREATEST(updated_at, next_retry_at) AS since, owner IS NULL AND COALESCE(next_retry_at <= now(), true) AS is_waiting
            FROM knowledge.vector_store_files WHERE status = 'in_progress') files
        """;

    public async Task<QueueState> ReadAsync(CancellationToken cancellationToken)
    {
        await using var command = database.Command(Read);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new QueueState(reader.GetInt32(0), reader.GetTimeSpan(1), reader.GetInt32(2), reader.GetInt32(3), reader.GetInt32(4));
    }
}

/// <summary>Whether files are worked on: degraded when they wait and nobody takes them.</summary>
internal sealed class IngestionHealth(IngestionQueueState queue) : IHealthCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            var state = await queue.ReadAsync(cancellationToken);
            var data = new Dictionary<string, object>
            {
                ["waiting"] = state.Waiting,
                ["oldest_waiting_seconds"] = Math.Round(state.OldestWaiting.TotalSeconds, 1),
                ["running"] = state.Running,
                ["waiting_for_retry"] = state.WaitingForRetry,
                ["dead_workers_files"] = state.Abandoned,
            };
            return state is { Waiting: > 0, Running: 0 } && state.OldestWaiting > Patience
                ? HealthCheckResult.Degraded("Files wait to be ingested, and no worker takes them. Is there a process with Knowledge__Workers above 0?", data: data)
                : HealthCheckResult.Healthy(data: data);
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or OperationCanceledException)
        {
            return HealthCheckResult.Degraded("PostgreSQL does not answer.");
        }
    }
}
