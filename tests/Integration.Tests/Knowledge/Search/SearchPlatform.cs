using System.Text;
using System.Text.Json;

namespace AiPlatform.Integration.Tests.Knowledge.Search;

/// <summary>Vector stores, filled and searched through the API.</summary>
public static class SearchApi
{
    /// <summary>A model that knows a word from another and nothing else.</summary>
    public const string Model = "fake-embedding";

    public static async Task<string> CreateStoreAsync(this ApiClient api, CancellationToken cancellationToken, string model = Model) =>
        IdOf((await api.PostAsync("v1/vector_stores", new { embedding_model = model, dimensions = 256 }, cancellationToken)).Ok);

    public static async Task<string> UploadAsync(this ApiClient api, string name, string text, CancellationToken cancellationToken)
    {
        var form = new MultipartFormDataContent { { new StringContent("assistants"), "purpose" } };
        form.Add(new ByteArrayContent(Encoding.UTF8.GetBytes(text)), "file", name);
        using var request = new HttpRequestMessage(HttpMethod.Post, "v1/files") { Content = form };
        return IdOf((await api.SendAsync(request, cancellationToken)).Ok);
    }

    public static async Task AttachAsync(
        this ApiClient api, string store, string file, CancellationToken cancellationToken, object? attributes = null, string? replaces = null, int chunk = 800) =>
        _ = (await api.PostAsync(
            $"v1/vector_stores/{store}/files",
            new { file_id = file, attributes = attributes ?? new { }, replaces, chunking_strategy = new { type = "static", @static = new { max_chunk_size_tokens = chunk, chunk_overlap_tokens = 0 } } },
            cancellationToken)).Ok;

    public static async Task UntilReadyAsync(this ApiClient api, string store, CancellationToken cancellationToken)
    {
        while (true)
        {
            var counts = (await api.GetAsync($"v1/vector_stores/{store}", cancellationToken)).Ok.GetProperty("file_counts");
            if (counts.GetProperty("failed").GetInt32() > 0) throw new InvalidOperationException((await api.GetAsync($"v1/vector_stores/{store}/files", cancellationToken)).Text);
            if (counts.GetProperty("in_progress").GetInt32() == 0) return;
            await Task.Delay(20, cancellationToken);
        }
    }

    /// <summary>Attaches a text as a file, and returns its id when it can be found.</summary>
    public static async Task<string> AddAsync(
        this ApiClient api, string store, string name, string text, CancellationToken cancellationToken, object? attributes = null, string? replaces = null, int chunk = 800)
    {
        var file = await api.UploadAsync(name, text, cancellationToken);
        await api.AttachAsync(store, file, cancellationToken, attributes, replaces, chunk);
        await api.UntilReadyAsync(store, cancellationToken);
        return file;
    }

    public static Task<Reply> SearchAsync(this ApiClient api, string store, object body, CancellationToken cancellationToken) =>
        api.PostAsync($"v1/vector_stores/{store}/search", body, cancellationToken);

    public static List<string> Names(this JsonElement page) => [.. page.GetProperty("data").EnumerateArray().Select(result => result.GetProperty("filename").GetString()!)];

    public static string TextOf(this JsonElement result) => result.GetProperty("content")[0].GetProperty("text").GetString()!;

    private static string IdOf(JsonElement thing) => thing.GetProperty("id").GetString()!;
}

/// <summary>A platform with a vector store that nobody changes.</summary>
public sealed class SearchPlatform : Platform
{
    public string Store { get; private set; } = "";

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        Store = await Api.CreateStoreAsync(limit.Token);
        foreach (var (name, text, attributes) in new (string, string, object)[]
        {
            ("uppsala.txt", "Uppsala is a town in Sweden. Its university was founded in 1477.", new { year = 2020, lang = "sv", draft = false, rank = 1.5 }),
            ("bologna.txt", "Bologna is a town in Italy. Its university was founded in 1088.", new { year = 2024, lang = "it", draft = true }),
            ("heidelberg.txt", "Heidelberg is a town in Germany. Its university was founded in 1386.", new { year = "2024", lang = "de" }),
            ("coimbra.txt", "Coimbra is a town in Portugal. Its university was founded in 1290.", new { }),
        })
        {
            await Api.AttachAsync(Store, await Api.UploadAsync(name, text, limit.Token), limit.Token, attributes);
        }

        await Api.UntilReadyAsync(Store, limit.Token);
    }
}
