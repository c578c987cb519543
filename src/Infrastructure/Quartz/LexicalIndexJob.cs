using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Knowledge.Search;
using MediatR;
using Quartz;

namespace AiPlatform.Infrastructure.Quartz;

/// <summary>Keeps the index of words small in pieces and whole, every ten seconds. Idempotent: a run that was cut off is finished by the next.</summary>
[DisallowConcurrentExecution]
internal sealed class LexicalIndexJob(IMediator mediator, CallerContext caller) : IJob
{
    public static readonly JobKey Key = new("lexical-index", "housekeeping");

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        caller.EnterSystem();
        await mediator.Send(new MergeSegments(), cancellationToken);
        await mediator.Send(new IndexWords(), cancellationToken);
    }
}
