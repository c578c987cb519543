using System.Text.Json.Serialization;
using AiPlatform.Domain.Common;
using AiPlatform.Domain.Knowledge;
using MediatR;

namespace AiPlatform.Application.Knowledge.Evaluations;

/// <summary>What changed from the evaluation <c>With</c> to the evaluation <c>Id</c>, by the questions that both asked.</summary>
public sealed record CompareEvaluations(string Id, string? With) : IRequest<EvaluationComparison>;

/// <summary>Differences are those of <c>Id</c> less <c>With</c>: above 0, it became better. Figures are means over the questions that both have.</summary>
public sealed record EvaluationComparison(
    string Id,
    string With,
    int SharedQuestions,
    int OnlyInThis,
    int OnlyInOther,
    IReadOnlyList<ComparedMetric> Metrics,
    ComparedLatencies LatencyMs,
    IReadOnlyList<ComparedQuestion> Better,
    IReadOnlyList<ComparedQuestion> Worse)
{
    [JsonPropertyOrder(-1)]
    public string Object { get; } = "evaluation.comparison";
}

/// <summary><c>PValue</c>: how likely a difference at least as large is by chance alone (paired randomisation); below 0.05 is usually taken as real.</summary>
public sealed record ComparedMetric(string Name, double This, double Other, double Difference, double PValue);

public sealed record ComparedLatencies(Latencies This, Latencies Other);

/// <summary>A question by its nDCG@10 in both.</summary>
public sealed record ComparedQuestion(string Id, string Query, double This, double Other, double Difference);

internal sealed class CompareEvaluationsHandler(IKnowledgeDb db) : IRequestHandler<CompareEvaluations, EvaluationComparison>
{
    private const int MostShown = 20;
    private const double Rounding = 1e-9;

    public async Task<EvaluationComparison> Handle(CompareEvaluations request, CancellationToken cancellationToken)
    {
        if (request.With is not { Length: > 0 } with) throw new InvalidRequest("missing_parameter", "Say by 'with' which evaluation to compare with.", "with");
        var (mine, other) = (await RequireAsync(request.Id, cancellationToken), await RequireAsync(with, cancellationToken));
        var (these, those) = (await db.OutcomesAsync(mine.Id, cancellationToken), await db.OutcomesAsync(other.Id, cancellationToken));
        var byKey = those.ToDictionary(outcome => outcome.Key);
        List<Pair> pairs = [.. these.Where(outcome => byKey.ContainsKey(outcome.Key)).Select(outcome => new Pair(outcome, byKey[outcome.Key]))];
        if (pairs.Count == 0)
            throw new RuleBroken("nothing_to_compare", "The two evaluations share no question. A question is shared if its words are the same, and its id where one was given.", "with");

        var depth = Math.Min(mine.ReadSettings().Results, other.ReadSettings().Results);
        var changes = pairs.Select(pair => new ComparedQuestion(
            pair.This.QuestionId, pair.This.Query, pair.This.Measures.Ndcg, pair.Other.Measures.Ndcg, pair.This.Measures.Ndcg - pair.Other.Measures.Ndcg)).ToList();
        return new EvaluationComparison(
            request.Id,
            with,
            pairs.Count,
            these.Count - pairs.Count,
            those.Count - pairs.Count,
            [
                Compare("ndcg_at_10", pairs, one => one.Ndcg),
                Compare("mrr_at_10", pairs, one => one.ReciprocalRank),
                .. EvaluationMetrics.Cutoffs(depth).SelectMany(k => new[]
                {
                    Compare($"recall_at_{k}", pairs, one => one.Recall(k)),
                    Compare($"precision_at_{k}", pairs, one => one.Precision(k)),
                    Compare($"success_at_{k}", pairs, one => one.Success(k)),
                }),
            ],
            new ComparedLatencies(Latencies.Of([.. pairs.Select(pair => pair.This.LatencyMs)]), Latencies.Of([.. pairs.Select(pair => pair.Other.LatencyMs)])),
            [.. changes.Where(change => change.Difference > Rounding).OrderByDescending(change => change.Difference).Take(MostShown)],
            [.. changes.Where(change => change.Difference < -Rounding).OrderBy(change => change.Difference).Take(MostShown)]);
    }

    private async Task<Evaluation> RequireAsync(string id, CancellationToken cancellationToken)
    {
        var evaluation = await db.RequireEvaluationAsync(id, cancellationToken);
        return evaluation.Status is EvaluationStatus.Completed
            ? evaluation
            : throw new RuleBroken("evaluation_not_completed", $"The evaluation '{id}' is not completed, so there is nothing to compare yet. Compare evaluations whose status is 'completed'.");
    }

    private static ComparedMetric Compare(string name, List<Pair> pairs, Func<QuestionMeasures, double> measure)
    {
        double[] differences = [.. pairs.Select(pair => measure(pair.This.Measures) - measure(pair.Other.Measures))];
        var (mine, other) = (pairs.Average(pair => measure(pair.This.Measures)), pairs.Average(pair => measure(pair.Other.Measures)));
        return new ComparedMetric(name, mine, other, differences.Average(), PairedRandomisation.PValue(differences));
    }

    private readonly record struct Pair(QuestionOutcome This, QuestionOutcome Other);
}
