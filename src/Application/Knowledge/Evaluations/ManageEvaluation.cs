using AiPlatform.Application.Common;
using AiPlatform.Domain.Common;
using AiPlatform.Domain.Knowledge;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Knowledge.Evaluations;

public sealed record GetEvaluation(string Id) : IRequest<EvaluationView>;

internal sealed class GetEvaluationHandler(IKnowledgeDb db) : IRequestHandler<GetEvaluation, EvaluationView>
{
    public async Task<EvaluationView> Handle(GetEvaluation request, CancellationToken cancellationToken) =>
        EvaluationView.Of(await db.RequireEvaluationAsync(request.Id, cancellationToken));
}

/// <summary>Ends an evaluation that has not ended. Whoever works on it notices when it saves next; what was found so far stays.</summary>
public sealed record CancelEvaluation(string Id) : IRequest<EvaluationView>;

internal sealed class CancelEvaluationHandler(IKnowledgeDb db, TimeProvider clock) : IRequestHandler<CancelEvaluation, EvaluationView>
{
    public async Task<EvaluationView> Handle(CancelEvaluation request, CancellationToken cancellationToken)
    {
        var (id, now) = (Ids.Parse<EvaluationId>(request.Id), clock.GetUtcNow());
        var cancelled = await db.Evaluations
            .Where(evaluation => evaluation.Id == id && (evaluation.Status == EvaluationStatus.Queued || evaluation.Status == EvaluationStatus.InProgress))
            .ExecuteUpdateAsync(
                set => set.SetProperty(evaluation => evaluation.Status, EvaluationStatus.Cancelled)
                    .SetProperty(evaluation => evaluation.Owner, (string?)null)
                    .SetProperty(evaluation => evaluation.UpdatedAt, now)
                    .SetProperty(evaluation => evaluation.EndedAt, (DateTimeOffset?)now),
                cancellationToken);
        var evaluation = await db.RequireEvaluationAsync(request.Id, cancellationToken);
        return cancelled > 0 || evaluation.Status is EvaluationStatus.Cancelled
            ? EvaluationView.Of(evaluation)
            : throw new RuleBroken("evaluation_ended", $"The evaluation '{request.Id}' has ended already, so there is nothing to cancel. Delete it if it is not needed.");
    }
}

/// <summary>Deletes an evaluation with all it found; one that has not ended ends with it.</summary>
public sealed record DeleteEvaluation(string Id) : IRequest<Deleted>;

internal sealed class DeleteEvaluationHandler(IKnowledgeDb db) : IRequestHandler<DeleteEvaluation, Deleted>
{
    public async Task<Deleted> Handle(DeleteEvaluation request, CancellationToken cancellationToken)
    {
        var id = Ids.Parse<EvaluationId>(request.Id);
        return await db.Evaluations.Where(evaluation => evaluation.Id == id).ExecuteDeleteAsync(cancellationToken) > 0
            ? new Deleted(request.Id, "evaluation.deleted")
            : throw NotFound.Of("Evaluation", request.Id);
    }
}
