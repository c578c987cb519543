using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Knowledge;
using AiPlatform.Application.Knowledge.Ingestion;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Infrastructure.Postgres;

/// <summary>
/// Takes files as long as there is room, when one is offered and every second. The last place is for a workspace that has nothing in hand: however long the documents are that others
/// are busy with, its own is begun.
/// </summary>
internal sealed partial class IngestionWorkers(
    IIngestionLog ingestionLog, DocumentSignals signals, RunLeases contact, KnowledgeOptions options, IServiceScopeFactory scopes, ILogger<IngestionWorkers> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<ClaimedFile, Task> _work = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Workers == 0) return;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await signals.ClaimableAsync(Interval, stoppingToken);
                while (await TakeAsync(stoppingToken)) continue;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception e)
            {
                LogFailed(log, e.Message);
            }
        }

        // Each gives its file back.
        Task[] work;
        lock (_lock) work = [.. _work.Values];
        await Task.WhenAll(work);
    }

    private async Task<bool> TakeAsync(CancellationToken cancellationToken)
    {
        int busy;
        bool hasSuspect;
        lock (_lock) (busy, hasSuspect) = (_work.Count, _work.Keys.Any(file => file.Crashes > 0));
        if (busy > options.Workers) return false;
        var terms = new ClaimTerms { Owner = Owner.ThisProcess, OnlyOfIdleWorkspaces = busy == options.Workers, TakesOver = contact.MayTakeOver, TakesSuspects = !hasSuspect };
        // Not to be broken off: what the database has given would have no worker.
        if (await ingestionLog.ClaimAsync(terms, CancellationToken.None) is not { } file) return false;
        lock (_lock) _work[file] = Task.Run(() => WorkAsync(file, cancellationToken), CancellationToken.None);
        return true;
    }

    private async Task WorkAsync(ClaimedFile file, CancellationToken cancellationToken)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            scope.ServiceProvider.GetRequiredService<CallerContext>().EnterSystem();
            await scope.ServiceProvider.GetRequiredService<IMediator>().Send(new IngestFile(file), cancellationToken);
        }
        catch (Exception e)
        {
            // Its lease ends by itself.
            LogBroken(log, e, file.Id.Value);
        }
        finally
        {
            lock (_lock) _work.Remove(file);
            signals.LookAgain();
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Files to ingest could not be looked for: {Reason}")]
    private static partial void LogFailed(ILogger log, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The work on file {File} broke off")]
    private static partial void LogBroken(ILogger log, Exception failure, Guid file);
}
