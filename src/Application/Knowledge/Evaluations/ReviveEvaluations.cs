using MediatR;

namespace AiPlatform.Application.Knowledge.Evaluations;

/// <summary>Enqueues evaluations that have not ended and that nobody works on or waits for; returns how many. A net below the queue: none is ever left lying.</summary>
public sealed record ReviveEvaluations : IRequest<int>;

internal sealed class ReviveEvaluationsHandler(IEvaluationLog log, IEvaluationQueue queue) : IRequestHandler<ReviveEvaluations, int>
{
    // Longer than any pause between two turns.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public async Task<int> Handle(ReviveEvaluations request, CancellationToken cancellationToken)
    {
        var stalled = await log.StalledAsync(Patience, cancellationToken);
        foreach (var evaluation in stalled) await queue.EnqueueAsync(evaluation, TimeSpan.Zero, cancellationToken);
        return stalled.Count;
    }
}
