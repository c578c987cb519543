using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Knowledge.Evaluations;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Knowledge;
using MediatR;
using Quartz;

namespace AiPlatform.Infrastructure.Quartz;

internal sealed record EvaluationTurn(Guid EvaluationId, Guid WorkspaceId);

/// <summary>
/// One turn of an evaluation. A turn that was cut off is taken again, by this process or another: what it had saved stays, and a former owner that still lives
/// is refused. What the retries do not bring on, <see cref="ReviveEvaluationsJob"/> does.
/// </summary>
[RetryPolicy(5, "00:00:02", 2.0)]
internal sealed class EvaluateJob(IMediator mediator, IEvaluationQueue queue, CallerContext caller) : IJob<EvaluationTurn>
{
    public const string GroupPrefix = "evaluations:";

    public async ValueTask Execute(IJobExecutionContext context, EvaluationTurn input, CancellationToken cancellationToken)
    {
        caller.EnterSystem();
        var evaluation = new WaitingEvaluation(new EvaluationId(input.EvaluationId), new WorkspaceId(input.WorkspaceId));
        if (await mediator.Send(new RunEvaluation(evaluation.Id), cancellationToken) is { } pause) await queue.EnqueueAsync(evaluation, pause, cancellationToken);
    }
}

/// <summary>Finds, each minute, evaluations that nobody works on or waits for. Idempotent.</summary>
[DisallowConcurrentExecution]
internal sealed class ReviveEvaluationsJob(IMediator mediator, CallerContext caller) : IJob
{
    public static readonly JobKey Key = new("revive-evaluations", "housekeeping");

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        caller.EnterSystem();
        await mediator.Send(new ReviveEvaluations(), cancellationToken);
    }
}
