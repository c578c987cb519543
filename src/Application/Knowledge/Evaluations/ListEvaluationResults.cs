using System.Text.Json.Serialization;
using AiPlatform.Application.Common;
using AiPlatform.Domain.Common;
using AiPlatform.Domain.Knowledge;
using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Knowledge.Evaluations;

/// <summary>What was found for each question, in the order of the questions unless it is turned round.</summary>
public sealed record ListEvaluationResults(string Id, PageRequest Page) : IRequest<Page<QuestionResult>>;

/// <summary>A question and what was found for it; without hits and metrics as long as it has not been asked.</summary>
public sealed record QuestionResult(
    string Id, string Query, IReadOnlyList<RelevantResult> Relevant, IReadOnlyList<HitResult>? Hits, QuestionMetrics? Metrics, double? LatencyMs);

/// <summary>What is relevant, and the first <c>Rank</c> it was found at, if it was.</summary>
public sealed record RelevantResult(string? FileId, string? Filename, int? Start, int? End, string? Quote, double Grade, int? Rank);

/// <summary>A hit; where answers are whole files, the best of its file.</summary>
public sealed record HitResult(int Rank, string FileId, string Filename, int Start, int End, int Page, double Score, bool Relevant);

public sealed record QuestionMetrics([property: JsonPropertyName("ndcg_at_10")] double NdcgAt10, double ReciprocalRank, IReadOnlyList<MetricsAtK> AtK);

internal sealed class ListEvaluationResultsValidator : AbstractValidator<ListEvaluationResults>
{
    public ListEvaluationResultsValidator() => RuleFor(request => request.Page).SetValidator(new PageRules()).OverridePropertyName("body");
}

internal sealed class ListEvaluationResultsHandler(IKnowledgeDb db) : IRequestHandler<ListEvaluationResults, Page<QuestionResult>>
{
    public async Task<Page<QuestionResult>> Handle(ListEvaluationResults request, CancellationToken cancellationToken)
    {
        var page = request.Page;
        var evaluation = await db.RequireEvaluationAsync(request.Id, cancellationToken);
        var questions = db.EvaluationQuestions.AsNoTracking().Where(question => question.EvaluationId == evaluation.Id);
        // Questions have an order of their own, so a list that is asked for without one begins with the first.
        var isDescending = page.Order == "desc";
        if (page.After is { } cursor)
        {
            var last = await questions.Where(question => question.QuestionId == cursor).Select(question => (int?)question.Ordinal).SingleOrDefaultAsync(cancellationToken)
                ?? throw new InvalidRequest("invalid_value", $"Invalid 'after': no question '{cursor}' in this list.", "after");
            questions = isDescending ? questions.Where(question => question.Ordinal < last) : questions.Where(question => question.Ordinal > last);
        }

        questions = isDescending ? questions.OrderByDescending(question => question.Ordinal) : questions.OrderBy(question => question.Ordinal);
        var cutoffs = EvaluationMetrics.Cutoffs(evaluation.ReadSettings().Results);
        var rows = await questions.Take(page.Size + 1).ToListAsync(cancellationToken);
        return Page.Cut([.. rows.Select(row => Show(row, cutoffs))], page.Size, question => question.Id);
    }

    private static QuestionResult Show(EvaluationQuestion question, IReadOnlyList<int> cutoffs)
    {
        var relevant = EvaluationJson.Read<List<RelevantPassage>>(question.Relevant);
        var shown = relevant.Select((one, index) => new RelevantResult(
            one.FileId, one.Filename, one.Start, one.End, one.Quote, one.Gain, question.FoundAt?[index] is > 0 and var rank ? rank : null)).ToList();
        if (question is not { FoundAt: { } found, RelevantAt: { } at, Hits: { } hits }) return new QuestionResult(question.QuestionId, question.Query, shown, null, null, null);
        var measures = EvaluationQueries.MeasuresOf(relevant, found, at);
        return new QuestionResult(
            question.QuestionId,
            question.Query,
            shown,
            [.. EvaluationJson.Read<List<JudgedHit>>(hits).Select((hit, index) => new HitResult(index + 1, hit.FileId, hit.Filename, hit.Start, hit.End, hit.Page, hit.Score, at.Contains(index + 1)))],
            new QuestionMetrics(measures.Ndcg, measures.ReciprocalRank, [.. cutoffs.Select(k => new MetricsAtK(k, measures.Recall(k), measures.Precision(k), measures.Success(k)))]),
            question.LatencyMs);
    }
}
