using AiPlatform.Application.Chat.Runs;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Infrastructure.Postgres;

/// <summary>
/// Claims, twice a second and whenever one is offered, the runs that nobody owns: of processes that died, of processes that shut down, and those that wait for
/// room.
/// </summary>
internal sealed partial class RunSweep(
    IRunLog runLog, ResponseRuns runs, RunRecovery recovery, RunSignals signals, RunLeases leases, ILogger<RunSweep> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);
    private const int MostAtOnce = 50;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        // Nobody else writes what is ours, so whoever speaks of it has taken it.
        signals.Touched += id =>
        {
            if (runs.Has(id)) leases.Wake();
        };
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await signals.ClaimableAsync(Interval, stoppingToken);
                while (leases.MayTakeOver && runs.Room > 0 && await ClaimAsync(stoppingToken)) continue;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                LogFailed(log, e.Message);
            }
        }
    }

    private async Task<bool> ClaimAsync(CancellationToken cancellationToken)
    {
        var most = Math.Min(MostAtOnce, runs.Room);
        var claims = await runLog.ClaimAsync(most, [.. runs.Stored.Select(run => run.Id)], cancellationToken);
        // Not awaited: one that takes long, for a vendor that does not answer, must not keep the others. Its lease is renewed meanwhile.
        foreach (var claim in claims) _ = recovery.ResumeAsync(claim, cancellationToken);
        if (claims.Count > 0) LogClaimed(log, claims.Count);
        return claims.Count == most;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The runs that nobody owns could not be looked for: {Reason}")]
    private static partial void LogFailed(ILogger log, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} runs that nobody owned go on here")]
    private static partial void LogClaimed(ILogger log, int count);
}
