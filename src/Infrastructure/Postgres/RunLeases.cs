using AiPlatform.Application.Chat.Runs;
using AiPlatform.Domain.Chat;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace AiPlatform.Infrastructure.Postgres;

/// <summary>
/// Tells the database each second that this process's runs are alive, and ends those whose owner has stopped saying so. Works for no workspace, and by the
/// database's clock alone.
/// </summary>
internal sealed partial class RunLeases(
    NpgsqlDataSource database, ResponseRuns runs, IHostApplicationLifetime lifetime, TimeProvider clock, ILogger<RunLeases> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(5);

    private const string Renew = """
        UPDATE chat.responses SET lease_until = now() + interval '4 seconds'
        WHERE id = ANY ($1) AND status = 'in_progress'
        RETURNING id
        """;

    private const string Sweep = """
        UPDATE chat.responses SET status = 'failed', epoch = epoch + 1, error_code = 'server_error',
            error_message = 'The server stopped while it generated this response. Send the request again.'
        WHERE id IN (
            SELECT id FROM chat.responses
            WHERE status = 'in_progress' AND lease_until < now() AND id <> ALL ($1)
            FOR UPDATE SKIP LOCKED LIMIT 100)
        """;

    private Task _drained = Task.CompletedTask;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        // At the first sign of a stop, not in our turn: the web server stops before us, and waits for the readers of these runs.
        lifetime.ApplicationStopping.Register(() => _drained = runs.DrainAsync(DrainTime, CancellationToken.None));
        return base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        // Leases are renewed until the last run has ended.
        await _drained.WaitAsync(cancellationToken);
        await base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (await NextAsync(timer, stoppingToken))
        {
            try
            {
                var mine = runs.Stored;
                if (mine.Count > 0) await RenewAsync(mine, stoppingToken);
                await SweepAsync(stoppingToken);
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException)
            {
                LogFailed(log, e.Message);
            }
        }
    }

    private async Task RenewAsync(IReadOnlyList<ResponseId> mine, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Renew);
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. mine.Select(id => id.Value)] });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var renewed = new HashSet<Guid>();
        while (await reader.ReadAsync(cancellationToken)) renewed.Add(reader.GetGuid(0));
        foreach (var id in mine.Where(id => !renewed.Contains(id.Value))) runs.Lose(id);
    }

    private async Task SweepAsync(CancellationToken cancellationToken)
    {
        // Our own are alive whatever the table says: it may be late because the database was away.
        await using var command = database.CreateCommand(Sweep);
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. runs.Stored.Select(id => id.Value)] });
        var ended = await command.ExecuteNonQueryAsync(cancellationToken);
        if (ended > 0) LogSwept(log, ended);
    }

    private static async Task<bool> NextAsync(PeriodicTimer timer, CancellationToken cancellationToken)
    {
        try
        {
            return await timer.WaitForNextTickAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Leases could not be renewed: {Reason}")]
    private static partial void LogFailed(ILogger log, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} responses were left behind by a process that stopped; they are failed now")]
    private static partial void LogSwept(ILogger log, int count);
}
