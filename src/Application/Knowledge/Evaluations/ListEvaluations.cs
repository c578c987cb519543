using AiPlatform.Application.Common;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Domain.Common;
using AiPlatform.Domain.Knowledge;
using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Knowledge.Evaluations;

/// <summary>The workspace's evaluations, or those of one vector store, also of one that is gone.</summary>
public sealed record ListEvaluations(PageRequest Page, string? VectorStoreId) : IRequest<Page<EvaluationView>>;

internal sealed class ListEvaluationsValidator : AbstractValidator<ListEvaluations>
{
    public ListEvaluationsValidator() => RuleFor(request => request.Page).SetValidator(new PageRules()).OverridePropertyName("body");
}

internal sealed class ListEvaluationsHandler(IKnowledgeDb db, ICaller caller) : IRequestHandler<ListEvaluations, Page<EvaluationView>>
{
    public async Task<Page<EvaluationView>> Handle(ListEvaluations request, CancellationToken cancellationToken)
    {
        var (page, workspace) = (request.Page, caller.Current.WorkspaceId);
        var evaluations = db.Evaluations.AsNoTracking().Where(evaluation => evaluation.WorkspaceId == workspace);
        if (request.VectorStoreId is not null)
        {
            var store = Ids.Parse<VectorStoreId>(request.VectorStoreId);
            evaluations = evaluations.Where(evaluation => evaluation.VectorStoreId == store);
        }

        if (page.After is { } cursor)
        {
            var after = Ids.Parse<EvaluationId>(cursor);
            if (after is not { } last || !await db.Evaluations.AnyAsync(evaluation => evaluation.Id == after, cancellationToken))
                throw new InvalidRequest("invalid_value", $"Invalid 'after': no evaluation '{cursor}' in this list.", "after");
            evaluations = page.IsAscending ? evaluations.Where(evaluation => evaluation.Id > last) : evaluations.Where(evaluation => evaluation.Id < last);
        }

        evaluations = page.IsAscending ? evaluations.OrderBy(evaluation => evaluation.Id) : evaluations.OrderByDescending(evaluation => evaluation.Id);
        var rows = await evaluations.Take(page.Size + 1).ToListAsync(cancellationToken);
        return Page.Cut([.. rows.Select(EvaluationView.Of)], page.Size, evaluation => evaluation.Id);
    }
}
