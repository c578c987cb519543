using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace AiPlatform.Bench.Evaluation;

/// <summary>A vector store with the documents of a set, a file each.</summary>
internal static class StoreFilling
{
    private const int Uploads = 8;
    private const int FilesPerBatch = 500;
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(250);

    public static async Task<string> FillAsync(PlatformClient api, QuestionSet set, string? model, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        var body = new Dictionary<string, object> { ["name"] = set.Name };
        if (model is not null) body["embedding_model"] = model;
        var store = (await api.PostAsync("v1/vector_stores", body, cancellationToken)).GetProperty("id").GetString()!;
        var batches = new List<Task>();
        // Those of the first batch are ingested while the next is uploaded.
        foreach (var some in set.Documents.Chunk(FilesPerBatch))
        {
            var files = new string[some.Length];
            await Parallel.ForAsync(0, some.Length, new ParallelOptions { MaxDegreeOfParallelism = Uploads, CancellationToken = cancellationToken }, async (index, token) =>
                files[index] = await api.UploadAsync(some[index].Filename, Encoding.UTF8.GetBytes(some[index].Content), token));
            var batch = await api.PostAsync($"v1/vector_stores/{store}/file_batches", new { file_ids = files }, cancellationToken);
            batches.Add(WaitAsync(api, $"v1/vector_stores/{store}/file_batches/{batch.GetProperty("id").GetString()}", cancellationToken));
        }

        Console.WriteLine($"{set.Name}: {set.Documents.Count} documents are uploaded after {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s");
        await Task.WhenAll(batches);
        Console.WriteLine($"{set.Name}: all are ready in {store} after {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s");
        return store;
    }

    private static async Task WaitAsync(PlatformClient api, string batch, CancellationToken cancellationToken)
    {
        while (true)
        {
            JsonElement json = await api.GetAsync(batch, cancellationToken);
            var counts = json.GetProperty("file_counts");
            if (counts.GetProperty("failed").GetInt32() + counts.GetProperty("cancelled").GetInt32() > 0) throw new BrokenStream($"Documents failed: {counts}");
            if (json.GetProperty("status").GetString() == "completed") return;
            await Task.Delay(Poll, cancellationToken);
        }
    }
}
