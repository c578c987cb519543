using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Knowledge;
using AiPlatform.Application.Knowledge.Reembeddings;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Infrastructure.Postgres;

/// <summary>Takes one re-embedding at a time. They are rare and long, so it only looks now and then.</summary>
internal sealed partial class ReembeddingWorker(
    IReembeddingLog reembeddings, RunLeases contact, KnowledgeOptions options, IServiceScopeFactory scopes, TimeProvider clock, ILogger<ReembeddingWorker> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Workers == 0) return;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                // Not to be broken off: what the database has given would have no worker.
                while (!stoppingToken.IsCancellationRequested && await reembeddings.ClaimAsync(Owner.ThisProcess, contact.MayTakeOver, CancellationToken.None) is { } work) await WorkAsync(work, stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(log, e.Message);
            }

            await Task.Delay(Interval, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task WorkAsync(ClaimedReembedding work, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CallerContext>().EnterSystem();
        await scope.ServiceProvider.GetRequiredService<IMediator>().Send(new ReembedStore(work), cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Re-embeddings could not be looked for or worked on: {Reason}")]
    private static partial void LogFailed(ILogger log, string reason);
}
