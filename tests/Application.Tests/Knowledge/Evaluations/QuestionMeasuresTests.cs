using AiPlatform.Application.Knowledge.Evaluations;

namespace AiPlatform.Application.Tests.Knowledge.Evaluations;

/// <summary>The formulas against values that were calculated by hand.</summary>
public sealed class QuestionMeasuresTests
{
    private const double Exact = 1e-12;

    // Of three relevant documents two were found, at ranks 1 and 4.
    private static readonly QuestionMeasures TwoOfThree = new([1, 1, 1], [1, 0, 4], [1, 4]);

    [Theory]
    [InlineData(1, 1 / 3.0, 1, 1)]
    [InlineData(3, 1 / 3.0, 1 / 3.0, 1)]
    [InlineData(5, 2 / 3.0, 2 / 5.0, 1)]
    [InlineData(10, 2 / 3.0, 0.2, 1)]
    public void Recall_precision_and_success_count_what_is_found_among_the_first(int k, double recall, double precision, double success)
    {
        TwoOfThree.Recall(k).ShouldBe(recall, Exact);
        TwoOfThree.Precision(k).ShouldBe(precision, Exact);
        TwoOfThree.Success(k).ShouldBe(success);
    }

    [Fact]
    public void Ndcg_discounts_by_the_rank() =>
        // 1/log2(2) + 1/log2(5) of 1/log2(2) + 1/log2(3) + 1/log2(4): 1.430677 of 2.130930.
        TwoOfThree.Ndcg.ShouldBe(0.6713860725233041, Exact);

    [Fact]
    public void Ndcg_weighs_by_the_grade()
    {
        // Grades 3, 2 and 1 at ranks 2, 1 and 3: 3/1.584963 + 2 + 1/2 = 4.392789 of 3 + 2/1.584963 + 1/2 = 4.761860.
        var graded = new QuestionMeasures([3, 2, 1], [2, 1, 3], [1, 2, 3]);
        graded.Ndcg.ShouldBe(0.9224945116765986, Exact);
        new QuestionMeasures([3, 2, 1], [1, 2, 3], [1, 2, 3]).Ndcg.ShouldBe(1, Exact);
    }

    [Fact]
    public void The_reciprocal_rank_is_that_of_the_first_relevant_hit_within_ten()
    {
        new QuestionMeasures([1], [4], [4, 6]).ReciprocalRank.ShouldBe(0.25);
        new QuestionMeasures([1], [11], [11]).ReciprocalRank.ShouldBe(0);
        new QuestionMeasures([1], [11], [11]).Ndcg.ShouldBe(0);
        new QuestionMeasures([1], [0], []).ReciprocalRank.ShouldBe(0);
    }

    [Fact]
    public void More_relevant_than_ten_do_not_make_ndcg_unreachable() =>
        new QuestionMeasures([.. Enumerable.Repeat(1.0, 20)], [.. Enumerable.Range(1, 20)], [.. Enumerable.Range(1, 20)]).Ndcg.ShouldBe(1, Exact);

    [Fact]
    public void A_hit_that_shows_two_passages_counts_for_both_and_never_for_more_than_all()
    {
        var merged = new QuestionMeasures([1, 1], [1, 1], [1]);
        (merged.Recall(1), merged.Ndcg).ShouldBe((1, 1));
    }

    [Fact]
    public void Metrics_are_means_over_questions()
    {
        QuestionOutcome[] outcomes =
        [
            new(1, "a", true, "A?", new QuestionMeasures([1], [1], [1]), HitCount: 5, LatencyMs: 10),
            new(2, "b", true, "B?", new QuestionMeasures([1], [2], [2]), HitCount: 5, LatencyMs: 30),
            new(3, "c", true, "C?", new QuestionMeasures([1, 1], [0, 0], []), HitCount: 5, LatencyMs: 20),
            new(4, "d", true, "D?", new QuestionMeasures([1], [0], []), HitCount: 0, LatencyMs: 40),
        ];

        var metrics = EvaluationMetrics.Of(outcomes, maxResults: 20);

        metrics.MrrAt10.ShouldBe(0.375);
        // 1 and 1/log2(3).
        metrics.NdcgAt10.ShouldBe((1 + 0.6309297535714575) / 4, Exact);
        metrics.AtK.Select(at => at.K).ShouldBe([1, 3, 5, 10, 20]);
        (metrics.AtK[0].Recall, metrics.AtK[0].Success, metrics.AtK[1].Recall).ShouldBe((0.25, 0.25, 0.5));
        metrics.AtK[4].Precision.ShouldBe(2 / 20.0 / 4, Exact);
        metrics.Unanswered.ShouldBe(1);
        metrics.LatencyMs.ShouldBe(new Latencies(20, 40, 40));
    }

    [Fact]
    public void What_was_not_asked_for_is_not_measured() =>
        EvaluationMetrics.Of([], maxResults: 4).AtK.Select(at => at.K).ShouldBe([1, 3, 4]);
}
