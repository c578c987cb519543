using System.Diagnostics;
using System.Text.Json;
using AiPlatform.Bench.Servers;

namespace AiPlatform.Bench.Evaluation;

/// <summary>Measures a search by sets of documents and questions: by the search of the API, and once more by the server's own evaluation, which must say the same.</summary>
internal static class EvaluateCommand
{
    // Both round what they write.
    private const double Rounding = 1e-6;
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(250);

    public static async Task<int> RunAsync(EvaluateSettings settings, CancellationToken cancellationToken)
    {
        await using var server = settings.BaseUrl is null ? await OwnServer.StartAsync(settings, cancellationToken) : null;
        using var api = new PlatformClient(server?.Address ?? settings.BaseUrl!, server is null ? settings.Key : OwnServer.Key);
        var all = new List<SetFigures>();
        var agree = true;
        foreach (var folder in settings.Folders)
        {
            var set = QuestionSet.Read(folder);
            var store = settings.Store ?? await StoreFilling.FillAsync(api, set, settings.Model, cancellationToken);
            var figures = await AskAsync(api, store, set, settings, cancellationToken);
            all.Add(figures);
            agree &= await CheckAsync(api, store, set, figures, settings, cancellationToken);
        }

        var table = new Table("By the search of the API", "questions", "nDCG@10", "recall@5", "MRR@10", "p50 ms", "p90 ms", "p99 ms") { Decimals = 4 };
        foreach (var one in all) table.Add(one.Set, one.Questions, one.NdcgAt10, one.RecallAt5, one.MrrAt10, one.P50Ms, one.P90Ms, one.P99Ms);
        table.Print();
        if (settings.Compare is { } path)
        {
            var earlier = SetFigures.Read(path).ToDictionary(one => one.Set);
            foreach (var one in all)
                if (earlier.TryGetValue(one.Set, out var before)) one.PrintAgainst(before);
        }

        if (settings.Out is { } file) SetFigures.Write(file, all);
        return agree ? 0 : 1;
    }

    private static async Task<SetFigures> AskAsync(PlatformClient api, string store, QuestionSet set, EvaluateSettings settings, CancellationToken cancellationToken)
    {
        var found = new string[set.Questions.Count][];
        var latencies = new double[set.Questions.Count];
        // The first searches of a server take longer, and are no measure.
        foreach (var question in set.Questions.Take(20)) await SearchAsync(api, store, question, settings, cancellationToken);
        await Parallel.ForAsync(0, set.Questions.Count, new ParallelOptions { MaxDegreeOfParallelism = settings.Parallel, CancellationToken = cancellationToken }, async (index, token) =>
        {
            var began = Stopwatch.GetTimestamp();
            var hits = await SearchAsync(api, store, set.Questions[index], settings, token);
            latencies[index] = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
            found[index] = [.. hits.GetProperty("data").EnumerateArray().Select(hit => Path.GetFileNameWithoutExtension(hit.GetProperty("filename").GetString()!)).Distinct()];
        });
        return SetFigures.Of(set, found, latencies);
    }

    private static Task<JsonElement> SearchAsync(PlatformClient api, string store, SetQuestion question, EvaluateSettings settings, CancellationToken cancellationToken)
    {
        var body = new Dictionary<string, object> { ["query"] = question.Text, ["max_num_results"] = settings.Results };
        if (settings.Ranking is { } ranking) body["ranking_options"] = ranking;
        return api.PostAsync($"v1/vector_stores/{store}/search", body, cancellationToken);
    }

    private static async Task<bool> CheckAsync(PlatformClient api, string store, QuestionSet set, SetFigures figures, EvaluateSettings settings, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        var options = new Dictionary<string, object> { ["max_num_results"] = settings.Results };
        if (settings.Ranking is { } ranking) options["ranking_options"] = ranking;
        var evaluation = await api.PostAsync(
            "api/evaluations",
            new
            {
                name = $"bench: {set.Name}", vector_store_id = store, settings = options,
                questions = set.Questions.Select(question => new { id = question.Id, query = question.Text, relevant = question.Relevant.Select(id => new { filename = $"{id}.txt" }) }),
            },
            cancellationToken);
        var path = $"api/evaluations/{evaluation.GetProperty("id").GetString()}";
        while (evaluation.GetProperty("status").GetString() is "queued" or "in_progress")
        {
            await Task.Delay(Poll, cancellationToken);
            evaluation = await api.GetAsync(path, cancellationToken);
        }

        if (evaluation.GetProperty("status").GetString() != "completed") throw new BrokenStream($"The evaluation did not complete: {evaluation}");
        var metrics = evaluation.GetProperty("metrics");
        var (ndcg, mrr) = (metrics.GetProperty("ndcg_at_10").GetDouble(), metrics.GetProperty("mrr_at_10").GetDouble());
        var latency = metrics.GetProperty("latency_ms");
        var agrees = Math.Abs(ndcg - figures.NdcgAt10) < Rounding && Math.Abs(mrr - figures.MrrAt10) < Rounding;
        Console.WriteLine(
            $"{set.Name}: the server's own evaluation took {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s and says nDCG@10 {ndcg:0.0000}, MRR@10 {mrr:0.0000}, "
            + $"p50 {latency.GetProperty("p50").GetDouble():0.0} ms{(agrees ? ", which agrees" : $". THE SEARCH SAYS nDCG@10 {figures.NdcgAt10:0.0000}, MRR@10 {figures.MrrAt10:0.0000}")}");
        return agrees;
    }
}
