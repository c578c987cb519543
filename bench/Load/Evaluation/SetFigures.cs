using System.Text.Json;

namespace AiPlatform.Bench.Evaluation;

/// <summary>What was measured of a set. Calculated here from the hits, so that the server's own figures can be checked against it.</summary>
internal sealed record SetFigures(
    string Set, int Documents, int Questions, double NdcgAt10, double RecallAt5, double MrrAt10, double P50Ms, double P90Ms, double P99Ms, IReadOnlyDictionary<string, double> NdcgByQuestion)
{
    private const int Depth = 10;
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static SetFigures Of(QuestionSet set, IReadOnlyList<string[]> found, double[] latencies)
    {
        var pairs = set.Questions.Zip(found).ToList();
        Array.Sort(latencies);
        return new SetFigures(
            set.Name,
            set.Documents.Count,
            set.Questions.Count,
            pairs.Average(pair => Ndcg(pair.First.Relevant, pair.Second)),
            pairs.Average(pair => pair.Second.Take(5).Count(pair.First.Relevant.Contains) / (double)pair.First.Relevant.Count),
            pairs.Average(pair => 1.0 / (1 + Array.FindIndex(pair.Second, id => pair.First.Relevant.Contains(id)) is > 0 and <= Depth and var rank ? rank : double.PositiveInfinity)),
            Share(latencies, 0.5),
            Share(latencies, 0.9),
            Share(latencies, 0.99),
            pairs.ToDictionary(pair => pair.First.Id, pair => Ndcg(pair.First.Relevant, pair.Second)));
    }

    public static List<SetFigures> Read(string path) => JsonSerializer.Deserialize<List<SetFigures>>(File.ReadAllText(path), Json)!;

    public static void Write(string path, IReadOnlyList<SetFigures> figures) => File.WriteAllText(path, JsonSerializer.Serialize(figures, Json));

    /// <summary>Says what changed since an earlier run of the same set.</summary>
    public void PrintAgainst(SetFigures earlier)
    {
        var shared = NdcgByQuestion.Keys.Where(earlier.NdcgByQuestion.ContainsKey).ToList();
        if (shared.Count == 0)
        {
            Console.WriteLine($"{Set}: the earlier run has none of its questions.");
            return;
        }

        var changes = shared.Select(id => (Id: id, Change: NdcgByQuestion[id] - earlier.NdcgByQuestion[id])).OrderBy(change => change.Change).ToList();
        Console.WriteLine(
            $"{Set}: nDCG@10 {earlier.NdcgAt10:0.0000} -> {NdcgAt10:0.0000} ({NdcgAt10 - earlier.NdcgAt10:+0.0000;-0.0000}), recall@5 {earlier.RecallAt5:0.0000} -> {RecallAt5:0.0000}, "
            + $"median {earlier.P50Ms:0.0} -> {P50Ms:0.0} ms; of {shared.Count} shared questions {changes.Count(change => change.Change > 1e-9)} better, {changes.Count(change => change.Change < -1e-9)} worse");
        Say("most worse", changes.Where(change => change.Change < -1e-9));
        Say("most better", changes.AsEnumerable().Reverse().Where(change => change.Change > 1e-9));

        static void Say(string what, IEnumerable<(string Id, double Change)> changes)
        {
            var shown = string.Join(", ", changes.Take(5).Select(change => $"{change.Id} {change.Change:+0.00;-0.00}"));
            if (shown.Length > 0) Console.WriteLine($"  {what}: {shown}");
        }
    }

    private static double Ndcg(IReadOnlyList<string> relevant, string[] found) =>
        found.Take(Depth).Index().Sum(hit => relevant.Contains(hit.Item) ? 1 / Math.Log2(hit.Index + 2) : 0)
        / Enumerable.Range(0, Math.Min(relevant.Count, Depth)).Sum(index => 1 / Math.Log2(index + 2));

    private static double Share(double[] sorted, double share) => sorted[Math.Max((int)Math.Ceiling(share * sorted.Length) - 1, 0)];
}
