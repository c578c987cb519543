using AiPlatform.Domain.Knowledge;

namespace AiPlatform.Application.Knowledge.Evaluations;

/// <summary>The durable queue of evaluations that wait for their next turn.</summary>
public interface IEvaluationQueue
{
    /// <summary>Saves the changes of this unit of work and enqueues the evaluation, in one transaction.</summary>
    Task SaveAndEnqueueAsync(Evaluation evaluation, CancellationToken cancellationToken);

    /// <summary>Has it take a turn later. One that waits for its turn already keeps that.</summary>
    Task EnqueueAsync(WaitingEvaluation evaluation, TimeSpan delay, CancellationToken cancellationToken);
}
