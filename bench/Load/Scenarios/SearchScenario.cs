using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using AiPlatform.Bench.Servers;
using AiPlatform.FakeModels;
using Npgsql;

namespace AiPlatform.Bench.Scenarios;

/// <summary>
/// Searching by meaning among 100,000 chunks in 200 vector stores: how many of the ten best are found (all of them, under a filter that keeps one of a hundred, in the smallest store), and
/// how long it takes through the API, beside the statements that it runs.
/// </summary>
internal sealed class SearchScenario() : Scenario("search")
{
    private const int Best = 10;
    private const int Clients = 16;

    public override async Task RunAsync(Servers.Servers servers, Settings settings, CancellationToken cancellationToken)
    {
        foreach (var target in servers.Products)
        {
            await using var database = NpgsqlDataSource.Create(target.Database!.ConnectionString);
            var sample = new SampleVectors(database, settings.Chunks);
            Console.WriteLine($"{settings.Chunks:#,0} chunks are written ...");
            var (workspace, user) = await PrepareAsync(target, database, cancellationToken);
            await sample.WriteAsync(workspace, user, cancellationToken);
            await MeasureRecallAsync(target, database, sample, settings, cancellationToken);
            await MeasureTimesAsync(target, new RawSearch(database, workspace), sample, settings, cancellationToken);
        }
    }

    /// <summary>A store of one file, so that there is the table of these dimensions; and whose it is.</summary>
    private static async Task<(Guid Workspace, Guid User)> PrepareAsync(Target target, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        var store = await SendAsync(target, "v1/vector_stores", new { name = "first", embedding_model = SampleVectors.Model, dimensions = SampleVectors.Dimensions }, cancellationToken);
        using var form = new MultipartFormDataContent { { new StringContent("assistants"), "purpose" }, { new ByteArrayContent("The first of all."u8.ToArray()), "file", "first.txt" } };
        using var upload = await target.SendAsync(new HttpRequestMessage(HttpMethod.Post, new Uri(target.Address, "v1/files")) { Content = form }, cancellationToken);
        var file = JsonElement.Parse(await upload.Content.ReadAsStringAsync(cancellationToken)).GetProperty("id").GetString();
        var path = $"v1/vector_stores/{store.GetProperty("id").GetString()}/files";
        await SendAsync(target, path, new { file_id = file }, cancellationToken);
        while (true)
        {
            using var shown = await target.GetAsync($"{path}/{file}", cancellationToken);
            var status = JsonElement.Parse(await shown.Content.ReadAsStringAsync(cancellationToken)).GetProperty("status").GetString();
            if (status is "failed") throw new BrokenStream("The first file failed.");
            if (status is "completed") break;
            await Task.Delay(100, cancellationToken);
        }

        await using var command = database.CreateCommand("SELECT workspace_id, user_id FROM knowledge.vector_stores LIMIT 1");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (reader.GetGuid(0), reader.GetGuid(1));
    }

    private async Task MeasureRecallAsync(Target target, NpgsqlDataSource database, SampleVectors sample, Settings settings, CancellationToken cancellationToken)
    {
        var table = new Table($"{Name}: recall@{Best} against comparing all, {target.Name}", "chunks", "recall", "p50 ms", "p99 ms") { Decimals = 3 };
        foreach (var (name, place, filter) in new (string, int, string?)[]
        {
            ("largest store", 0, null), ("second store", 1, null), ("tenth store", 9, null), ("median store", SampleVectors.Stores / 2, null), ("smallest store", SampleVectors.Stores - 1, null),
            ("largest, 1 % filter", 0, SampleVectors.Region),
        })
        {
            var (store, chunks) = sample.BySize[place];
            var (found, wanted, times) = (0, 0, new List<double>());
            for (var i = 0; i < (settings.Full ? 200 : 60); i++)
            {
                var question = sample.Question();
                var exact = await ExactAsync(database, store, question, filter, cancellationToken);
                var started = Stopwatch.GetTimestamp();
                var hits = await SearchAsync(target, store, question, filter, cancellationToken);
                times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
                wanted += exact.Count;
                found += exact.Count(hits.Contains);
            }

            var percentiles = new Percentiles([.. times]);
            table.Add(name, chunks, (double)found / wanted, percentiles[0.5], percentiles[0.99]);
        }

        table.Print();
    }

    private async Task MeasureTimesAsync(Target target, RawSearch raw, SampleVectors sample, Settings settings, CancellationToken cancellationToken)
    {
        var random = new Random(3);
        // The larger a store, the more is asked of it; none more than half.
        var asked = Enumerable.Range(0, 200).Select(_ => (Store: sample.BySize[(int)(SampleVectors.Stores * Math.Pow(random.NextDouble(), 3))].Id, Question: sample.Question())).ToList();
        foreach (var (store, question) in asked) await SearchAsync(target, store, question, null, cancellationToken);
        foreach (var (store, question) in asked) await raw.RunAsync(store, question, cancellationToken);

        var (api, sql) = (new List<double>(), new List<double>());
        for (var round = 0; round < settings.Repeats + 1; round++)
        {
            foreach (var (store, question) in asked)
            {
                api.Add(await TimeAsync(() => SearchAsync(target, store, question, null, cancellationToken)));
                sql.Add(await TimeAsync(() => raw.RunAsync(store, question, cancellationToken)));
            }
        }

        var together = new System.Collections.Concurrent.ConcurrentBag<double>();
        await Parallel.ForEachAsync(
            Enumerable.Range(0, asked.Count * (settings.Repeats + 1)), new ParallelOptions { MaxDegreeOfParallelism = Clients, CancellationToken = cancellationToken },
            async (i, token) => together.Add(await TimeAsync(() => SearchAsync(target, asked[i % asked.Count].Store, asked[i % asked.Count].Question, null, token))));

        var table = new Table($"{Name}: one search, {target.Name}", "p50 ms", "p90 ms", "p99 ms", "p99 / p50");
        var (apiTimes, sqlTimes) = (new Percentiles([.. api]), new Percentiles([.. sql]));
        foreach (var (name, times) in new[] { ("API", apiTimes), ("its statements", sqlTimes), ($"API, {Clients} clients", new Percentiles([.. together])) })
            table.Add(name, times[0.5], times[0.9], times[0.99], times[0.99] / times[0.5]);
        table.Print();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"API / its statements, median: {apiTimes[0.5] / sqlTimes[0.5]:0.00}x"));
    }

    private static async Task<double> TimeAsync(Func<Task> work)
    {
        var started = Stopwatch.GetTimestamp();
        await work();
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }

    /// <summary>The places of what was found: the file, and where in it.</summary>
    private static async Task<HashSet<(string File, int Start)>> SearchAsync(Target target, Guid store, string question, string? region, CancellationToken cancellationToken)
    {
        var page = await SendAsync(target, $"v1/vector_stores/vs_{store:n}/search", new
        {
            query = question,
            max_num_results = Best,
            filters = region is null ? null : new { type = "eq", key = "region", value = region },
            ranking_options = new { ranker = "none", hybrid_search = new { embedding_weight = 1, text_weight = 0 } },
        }, cancellationToken);
        return [.. page.GetProperty("data").EnumerateArray().Select(result => (result.GetProperty("file_id").GetString()!, result.GetProperty("start").GetInt32()))];
    }

    private static async Task<List<(string File, int Start)>> ExactAsync(NpgsqlDataSource database, Guid store, string question, string? region, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand($"""
            SELECT f.file_id, c.start_offset FROM knowledge.vectors_{SampleVectors.Dimensions} v JOIN knowledge.chunks c ON c.id = v.chunk_id JOIN knowledge.vector_store_files f ON f.id = v.vector_store_file_id
            WHERE v.vector_store_id = $1 AND ($3::text IS NULL OR f.attributes ->> 'region' = $3) ORDER BY (v.embedding <=> $2::halfvec) + 0 LIMIT {Best}
            """);
        command.Parameters.Add(new NpgsqlParameter { Value = store });
        command.Parameters.Add(new NpgsqlParameter { Value = FakeEmbedding.For(question, SampleVectors.Dimensions) });
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)region ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var found = new List<(string, int)>();
        while (await reader.ReadAsync(cancellationToken)) found.Add(($"file-{reader.GetGuid(0):n}", reader.GetInt32(1)));
        return found;
    }

    private static async Task<JsonElement> SendAsync(Target target, string path, object body, CancellationToken cancellationToken)
    {
        using var response = await target.PostAsync(path, JsonSerializer.SerializeToUtf8Bytes(body), cancellationToken);
        return JsonElement.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken));
    }
}
