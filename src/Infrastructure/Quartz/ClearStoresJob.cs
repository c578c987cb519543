using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Knowledge.Ingestion;
using MediatR;
using Quartz;

namespace AiPlatform.Infrastructure.Quartz;

/// <summary>Clears away, twice a minute, what deleted vector stores still have. Idempotent: a run that was cut off is finished by the next.</summary>
[DisallowConcurrentExecution]
internal sealed class ClearStoresJob(IMediator mediator, CallerContext caller) : IJob
{
    public static readonly JobKey Key = new("clear-deleted-stores", "housekeeping");

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        caller.EnterSystem();
        await mediator.Send(new ClearDeletedStores(), cancellationToken);
    }
}
