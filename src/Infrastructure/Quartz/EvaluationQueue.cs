using AiPlatform.Application.Knowledge.Evaluations;
using AiPlatform.Domain.Knowledge;
using AiPlatform.Infrastructure.Postgres;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Quartz;
using Quartz.Extensibility;

namespace AiPlatform.Infrastructure.Quartz;

/// <summary>Each turn of an evaluation is a firing of its own, in a group by workspace: of one workspace, a process works on one evaluation at a time.</summary>
internal sealed class EvaluationQueue(PlatformDbContext db, ISchedulerFactory schedulers, ISchedulerSignaler signaler) : IEvaluationQueue
{
    public async Task SaveAndEnqueueAsync(Evaluation evaluation, CancellationToken cancellationToken)
    {
        var scheduler = await schedulers.GetScheduler(cancellationToken);
        await using (var transaction = await db.Database.BeginTransactionAsync(cancellationToken))
        {
            await db.SaveChangesAsync(cancellationToken);
            using (scheduler.EnlistTransaction(transaction.GetDbTransaction()))
            {
                await ScheduleAsync(scheduler, new WaitingEvaluation(evaluation.Id, evaluation.WorkspaceId), TimeSpan.Zero, cancellationToken);
                await transaction.CommitAsync(cancellationToken);
            }
        }

        // What it heard before the commit was too early: it did not see anything yet.
        await signaler.SignalSchedulingChange(null, cancellationToken);
    }

    public async Task EnqueueAsync(WaitingEvaluation evaluation, TimeSpan delay, CancellationToken cancellationToken) =>
        await ScheduleAsync(await schedulers.GetScheduler(cancellationToken), evaluation, delay, cancellationToken);

    private static async Task ScheduleAsync(IScheduler scheduler, WaitingEvaluation evaluation, TimeSpan delay, CancellationToken cancellationToken) =>
        await scheduler.ScheduleJob<EvaluateJob, EvaluationTurn>(
            new EvaluationTurn(evaluation.Id.Value, evaluation.WorkspaceId.Value),
            delay,
            new OneOffJobOptions
            {
                Name = evaluation.Id.Value.ToString("n"),
                OnConflict = TriggerConflict.Keep,
                ExecutionGroup = EvaluateJob.GroupPrefix + evaluation.WorkspaceId.Value.ToString("n"),
                RequestRecovery = true,
            },
            cancellationToken);
}
