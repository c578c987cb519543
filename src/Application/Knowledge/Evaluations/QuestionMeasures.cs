namespace AiPlatform.Application.Knowledge.Evaluations;

/// <summary>How well one question was answered: the usual formulas, from the ranks at which what is relevant was found (0: not found).</summary>
internal readonly record struct QuestionMeasures(double[] Gains, int[] FoundAt, int[] RelevantAt)
{
    public const int Depth = 10;

    /// <summary>The share of what is relevant among the first <paramref name="k"/>.</summary>
    public double Recall(int k) => FoundAt.Count(rank => rank > 0 && rank <= k) / (double)FoundAt.Length;

    /// <summary>The share of the first <paramref name="k"/> that is relevant; places that nothing was found for count as not relevant.</summary>
    public double Precision(int k) => RelevantAt.Count(rank => rank <= k) / (double)k;

    /// <summary>1 if anything relevant is among the first <paramref name="k"/>.</summary>
    public double Success(int k) => RelevantAt.Any(rank => rank <= k) ? 1 : 0;

    /// <summary>1 by the first rank that is relevant; MRR is its mean.</summary>
    public double ReciprocalRank => RelevantAt.FirstOrDefault(rank => rank <= Depth) is > 0 and var first ? 1.0 / first : 0;

    /// <summary>
    /// The gains, discounted by their ranks, of those that would be if the best came first. Gains are the grades themselves. One hit may show several passages: each counts at its rank, and
    /// never does the whole count for more than 1.
    /// </summary>
    public double Ndcg
    {
        get
        {
            double sum = 0, ideal = 0;
            foreach (var (gain, rank) in Gains.Zip(FoundAt)) sum += rank is > 0 and <= Depth ? gain / Math.Log2(rank + 1) : 0;
            foreach (var (index, gain) in Gains.OrderDescending().Take(Depth).Index()) ideal += gain / Math.Log2(index + 2);
            return Math.Min(sum / ideal, 1);
        }
    }
}
