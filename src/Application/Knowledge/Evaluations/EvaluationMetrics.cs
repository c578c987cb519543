using System.Text.Json.Serialization;

namespace AiPlatform.Application.Knowledge.Evaluations;

/// <summary>Means over all questions of an evaluation.</summary>
public sealed record EvaluationMetrics
{
    [JsonPropertyName("ndcg_at_10")]
    public required double NdcgAt10 { get; init; }

    [JsonPropertyName("mrr_at_10")]
    public required double MrrAt10 { get; init; }

    /// <summary>For k = 1, 3, 5, 10 and the most results that were asked for, as far as so many were.</summary>
    public required IReadOnlyList<MetricsAtK> AtK { get; init; }

    /// <summary>Questions for which nothing was found at all.</summary>
    public required int Unanswered { get; init; }

    public required Latencies LatencyMs { get; init; }

    internal static IReadOnlyList<int> Cutoffs(int maxResults) => [.. new[] { 1, 3, 5, 10, maxResults }.Where(k => k <= maxResults).Distinct()];

    internal static EvaluationMetrics Of(IReadOnlyCollection<QuestionOutcome> outcomes, int maxResults)
    {
        var measures = outcomes.Select(outcome => outcome.Measures).ToList();
        return new EvaluationMetrics
        {
            NdcgAt10 = Mean(one => one.Ndcg),
            MrrAt10 = Mean(one => one.ReciprocalRank),
            AtK = [.. Cutoffs(maxResults).Select(k => new MetricsAtK(k, Mean(one => one.Recall(k)), Mean(one => one.Precision(k)), Mean(one => one.Success(k))))],
            Unanswered = outcomes.Count(outcome => outcome.HitCount == 0),
            LatencyMs = Latencies.Of([.. outcomes.Select(outcome => outcome.LatencyMs)]),
        };

        double Mean(Func<QuestionMeasures, double> measure) => measures.Count == 0 ? 0 : measures.Average(measure);
    }
}

/// <summary>What holds of the first K hits: the share of the relevant that is found, the share of hits that are relevant, and the share of questions with any.</summary>
public sealed record MetricsAtK(int K, double Recall, double Precision, double Success);

/// <summary>How long searches took, in milliseconds.</summary>
public sealed record Latencies(double P50, double P90, double P99)
{
    internal static Latencies Of(double[] all)
    {
        Array.Sort(all);
        return new Latencies(At(0.5), At(0.9), At(0.99));

        // The least that so many are not above.
        double At(double share) => all.Length == 0 ? 0 : Math.Round(all[Math.Max((int)Math.Ceiling(share * all.Length) - 1, 0)], 3);
    }
}

/// <summary>A question that has been asked, with what is needed to measure it.</summary>
internal sealed record QuestionOutcome(int Ordinal, string QuestionId, bool IsNamed, string Query, QuestionMeasures Measures, int HitCount, double LatencyMs)
{
    /// <summary>Equal for the same question of another evaluation: the same words, and the same id where one was given.</summary>
    public (string? Id, string Query) Key => (IsNamed ? QuestionId : null, Query);
}
