using AiPlatform.Application.Knowledge.Evaluations;
using AiPlatform.Domain.Knowledge;
using AiPlatform.Infrastructure.Postgres;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;
using NpgsqlTypes;
using Quartz;
using Quartz.Extensibility;

namespace AiPlatform.Infrastructure.Quartz;

/// <summary>Each turn of an evaluation is a firing of its own, in a group by workspace: of one workspace, a process works on one evaluation at a time.</summary>
internal sealed class EvaluationQueue(PlatformDbContext db, ISchedulerFactory schedulers, ISchedulerSignaler signaler) : IEvaluationQueue
{
    private const string Copy = """
        COPY knowledge.evaluation_questions (evaluation_id, ordinal, workspace_id, question_id, is_named, query, relevant) FROM STDIN (FORMAT BINARY)
        """;

    public async Task SaveAndEnqueueAsync(Evaluation evaluation, IEnumerable<EvaluationQuestion> questions, CancellationToken cancellationToken)
    {
        var scheduler = await schedulers.GetScheduler(cancellationToken);
        await using (var transaction = await db.Database.BeginTransactionAsync(cancellationToken))
        {
            db.Evaluations.Add(evaluation);
            await db.SaveChangesAsync(cancellationToken);
            await CopyAsync(questions, cancellationToken);
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

    // Ten thousand rows, one by one, would take many seconds.
    private async Task CopyAsync(IEnumerable<EvaluationQuestion> questions, CancellationToken cancellationToken)
    {
        await using var copy = await ((NpgsqlConnection)db.Database.GetDbConnection()).BeginBinaryImportAsync(Copy, cancellationToken);
        foreach (var question in questions)
        {
            await copy.StartRowAsync(cancellationToken);
            await copy.WriteAsync(question.EvaluationId.Value, cancellationToken);
            await copy.WriteAsync(question.Ordinal, cancellationToken);
            await copy.WriteAsync(question.WorkspaceId.Value, cancellationToken);
            await copy.WriteAsync(question.QuestionId, cancellationToken);
            await copy.WriteAsync(question.IsNamed, cancellationToken);
            await copy.WriteAsync(question.Query, cancellationToken);
            await copy.WriteAsync(question.Relevant, NpgsqlDbType.Json, cancellationToken);
        }

        await copy.CompleteAsync(cancellationToken);
    }

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
