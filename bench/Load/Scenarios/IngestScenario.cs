using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using AiPlatform.Bench.Servers;

namespace AiPlatform.Bench.Scenarios;

/// <summary>
/// Documents, from upload to ready: many small texts, then PDFs. How many a second, who spends the CPU (the server's own by step, the processes that read
/// files, PostgreSQL), and the most memory it takes.
/// </summary>
internal sealed class IngestScenario() : Scenario("ingest")
{
    private const int Uploads = 8;
    private const int FilesPerBatch = 500;
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(250);
    private static readonly string[] Steps = ["extract", "chunk", "embed", "index", "switch"];

    public override async Task RunAsync(Servers.Servers servers, Settings settings, CancellationToken cancellationToken)
    {
        foreach (var target in servers.Products)
        {
            await MeasureAsync(target, SampleDocuments.Texts(50), cancellationToken);
            await MeasureAsync(target, SampleDocuments.Pdfs(3), cancellationToken);
            var table = new Table(
                $"{Name}: from upload to ready, {target.Name}",
                "documents/s", "characters/s", "CPU s", "server", "parsers", "PostgreSQL", "peak MB");
            var steps = new Table("CPU of the server by step, with what runs beside it (s)", Steps);
            var pdfs = settings.Texts / 20;
            foreach (var (name, documents) in new[] { ($"{settings.Texts} texts", SampleDocuments.Texts(settings.Texts)), ($"{pdfs} PDFs", SampleDocuments.Pdfs(pdfs)) })
            {
                var measured = await MeasureAsync(target, documents, cancellationToken);
                table.Add(name, measured.Figures);
                steps.Add(name, measured.Steps);
            }

            table.Print();
            steps.Print();
            if (!target.Server!.IsInGroup) Console.WriteLine("Parsers took more CPU than that: those that were killed count only where control groups (version 2) may be made.");
        }
    }

    private static async Task<Ingested> MeasureAsync(Target target, IReadOnlyList<SampleDocument> documents, CancellationToken cancellationToken)
    {
        var (server, database, probe) = (target.Server!, target.Database!, target.Probe!);
        await PauseAsync(cancellationToken);
        var before = await probe.StepCpuAsync(cancellationToken);
        var (own, all, postgres) = (server.OwnCpuSeconds, server.CpuSecondsWithEnded, await database.CpuSecondsAsync(cancellationToken));
        using var watch = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var peak = PeakAsync(server, watch.Token);
        var started = Stopwatch.GetTimestamp();

        var store = Id(await SendAsync(target, "v1/vector_stores", new { name = "bench" }, cancellationToken));
        var files = new string[documents.Count];
        await Parallel.ForEachAsync(
            Enumerable.Range(0, documents.Count),
            new ParallelOptions { MaxDegreeOfParallelism = Uploads, CancellationToken = cancellationToken },
            async (index, token) => files[index] = await UploadAsync(target, documents[index], token));
        var batches = new List<string>();
        foreach (var some in files.Chunk(FilesPerBatch))
            batches.Add(Id(await SendAsync(target, $"v1/vector_stores/{store}/file_batches", new { file_ids = some }, cancellationToken)));
        foreach (var batch in batches) await WaitAsync(target, $"v1/vector_stores/{store}/file_batches/{batch}", cancellationToken);

        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        await watch.CancelAsync();
        // The processes that read files are this server's children.
        var (ownCpu, childCpu) = (server.OwnCpuSeconds - own, server.CpuSecondsWithEnded - all - (server.OwnCpuSeconds - own));
        var postgresCpu = await database.CpuSecondsAsync(cancellationToken) - postgres;
        var after = await probe.StepCpuAsync(cancellationToken);
        return new Ingested(
            [documents.Count / seconds, documents.Sum(document => (long)document.Characters) / seconds, ownCpu + childCpu + (postgresCpu ?? 0), ownCpu, childCpu, postgresCpu, await peak],
            [.. Steps.Select(step => (double?)(after.GetValueOrDefault(step) - before.GetValueOrDefault(step)))]);
    }

    private static async Task<string> UploadAsync(Target target, SampleDocument document, CancellationToken cancellationToken)
    {
        using var form = new MultipartFormDataContent();
        form.Add(new StringContent("assistants"), "purpose");
        var content = new ByteArrayContent(document.Content);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        form.Add(content, "file", document.Name);
        using var response = await target.SendAsync(new HttpRequestMessage(HttpMethod.Post, new Uri(target.Address, "v1/files")) { Content = form }, cancellationToken);
        return Id(await JsonAsync(response, cancellationToken));
    }

    private static async Task WaitAsync(Target target, string batch, CancellationToken cancellationToken)
    {
        while (true)
        {
            using var response = await target.GetAsync(batch, cancellationToken);
            var json = await JsonAsync(response, cancellationToken);
            var counts = json.GetProperty("file_counts");
            if (counts.GetProperty("failed").GetInt32() + counts.GetProperty("cancelled").GetInt32() > 0) throw new BrokenStream($"Documents failed: {counts}");
            if (json.GetProperty("status").GetString() == "completed") return;
            await Task.Delay(Poll, cancellationToken);
        }
    }

    private static async Task<double> PeakAsync(ServerProcess server, CancellationToken cancellationToken)
    {
        var peak = 0.0;
        while (!cancellationToken.IsCancellationRequested)
        {
            peak = Math.Max(peak, server.RssMegabytes);
            await Task.Delay(50, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return peak;
    }

    private static async Task<JsonElement> SendAsync(Target target, string path, object body, CancellationToken cancellationToken)
    {
        using var response = await target.PostAsync(path, JsonSerializer.SerializeToUtf8Bytes(body), cancellationToken);
        return await JsonAsync(response, cancellationToken);
    }

    private static async Task<JsonElement> JsonAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        using var json = JsonDocument.Parse(await response.Content.ReadAsStreamAsync(cancellationToken));
        return json.RootElement.Clone();
    }

    private static string Id(JsonElement json) => json.GetProperty("id").GetString()!;

    private sealed record Ingested(double?[] Figures, double?[] Steps);
}
