using AiPlatform.Application.Knowledge.Ingestion;
using AiPlatform.Domain.Knowledge;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Infrastructure.Postgres;

/// <summary>Prolongs the leases of what this process works on, and stops the work on what it has lost: at once when somebody says that a store has changed.</summary>
internal sealed partial class IngestionLeases(
    IIngestionLog ingestionLog, RunningFiles running, DocumentSignals signals, IngestionQueueState queue, IngestionMetrics metrics, TimeProvider clock, ILogger<IngestionLeases> log)
    : BackgroundService
{
    // A lease lasts 15 s; the SQL says so.
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(3);
    // Workers tell of each step they do.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan QueueInterval = TimeSpan.FromSeconds(15);

    private readonly Offers _touched = new();
    private long _queueReadAt;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        signals.Touched += OnTouched;
        return base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        signals.Touched -= OnTouched;
        await base.StopAsync(cancellationToken);
    }

    public override void Dispose()
    {
        _touched.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await RenewAsync(stoppingToken);
                await MeasureAsync(stoppingToken);
                await Task.Delay(Pause, clock, stoppingToken);
                await _touched.NextAsync(Interval - Pause, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                LogFailed(log, e.Message);
                await Task.Delay(TimeSpan.FromSeconds(1), clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task RenewAsync(CancellationToken cancellationToken)
    {
        if (running.All is not { Count: > 0 } own) return;
        var held = await ingestionLog.RenewAsync(own, cancellationToken);
        running.Lose(own.Where(file => !held.Contains(file.Id)));
    }

    private async Task MeasureAsync(CancellationToken cancellationToken)
    {
        if (_queueReadAt != 0 && clock.GetElapsedTime(_queueReadAt) < QueueInterval) return;
        metrics.Queue = await queue.ReadAsync(cancellationToken);
        _queueReadAt = clock.GetTimestamp();
    }

    private void OnTouched(VectorStoreId store)
    {
        if (running.Has(store)) _touched.Offer();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Leases of files could not be renewed: {Reason}")]
    private static partial void LogFailed(ILogger log, string reason);
}
