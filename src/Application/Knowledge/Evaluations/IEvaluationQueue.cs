using AiPlatform.Domain.Knowledge;

namespace AiPlatform.Application.Knowledge.Evaluations;

/// <summary>The durable queue of evaluations that wait for their next turn.</summary>
public interface IEvaluationQueue
{
    /// <summary>Saves the evaluation with its questions and enqueues it, in one transaction.</summary>
    Task SaveAndEnqueueAsync(Evaluation evaluation, IEnumerable<EvaluationQuestion> questions, CancellationToken cancellationToken);

    /// <summary>Has it take a turn later. One that waits for its turn already keeps that.</summary>
    Task EnqueueAsync(WaitingEvaluation evaluation, TimeSpan delay, CancellationToken cancellationToken);
}
