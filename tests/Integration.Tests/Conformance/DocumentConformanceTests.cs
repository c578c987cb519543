using System.Text.Json;
using System.Text.Json.Nodes;

namespace AiPlatform.Integration.Tests.Conformance;

/// <summary>Files, uploads, vector stores, their files and batches, ingested for real.</summary>
public sealed class DocumentConformanceTests(Platform platform) : ConformanceTest(platform), IClassFixture<Platform>
{
    [Theory]
    [InlineData("assistants", "")]
    [InlineData("user_data", "3600")]
    public async Task A_file(string purpose, string seconds)
    {
        var file = await UploadAsync("notes.txt", "Some text.", purpose, seconds);

        await GetAsync($"v1/files/{IdOf(file)}", "OpenAIFile");
        await GetAsync("v1/files?limit=2", "ListFilesResponse");
        (await Api.DeleteAsync($"v1/files/{IdOf(file)}", Ct)).Ok.ShouldBe("DeleteFileResponse");
    }

    [Fact]
    public async Task An_upload()
    {
        var body = JsonNode.Parse("""{"filename":"notes.txt","purpose":"assistants","bytes":5,"mime_type":"text/plain","expires_after":{"anchor":"created_at","seconds":3600}}""");
        var path = $"v1/uploads/{IdOf(await PostAsync("v1/uploads", body, "Upload"))}";
        using var part = new HttpRequestMessage(HttpMethod.Post, $"{path}/parts") { Content = new MultipartFormDataContent { { new ByteArrayContent("Hello"u8.ToArray()), "data", "part" } } };
        var partId = IdOf((await Api.SendAsync(part, Ct)).Ok.ShouldBe("UploadPart"));

        await PostAsync($"{path}/complete", new JsonObject { ["part_ids"] = new JsonArray(partId) }, "Upload");
        var other = IdOf(await PostAsync("v1/uploads", body, "Upload"));
        await PostAsync($"v1/uploads/{other}/cancel", null, "Upload");
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"name":"Handbook","description":"Ours","metadata":{"a":"b"},"expires_after":{"anchor":"last_active_at","days":7}}""")]
    public async Task A_vector_store(string body)
    {
        var path = $"v1/vector_stores/{IdOf(await PostAsync("v1/vector_stores", JsonNode.Parse(body), "VectorStoreObject"))}";

        await GetAsync(path, "VectorStoreObject");
        await GetAsync("v1/vector_stores?limit=3", "ListVectorStoresResponse");
        await PostAsync(path, JsonNode.Parse("""{"name":"Other","expires_after":{"anchor":"last_active_at","days":1},"metadata":null}"""), "VectorStoreObject");
        await PostAsync(path, JsonNode.Parse("""{"expires_after":null}"""), "VectorStoreObject");
        (await Api.DeleteAsync(path, Ct)).Ok.ShouldBe("DeleteVectorStoreResponse");
    }

    [Fact]
    public async Task A_file_of_a_vector_store_from_its_first_state_to_its_last()
    {
        var path = $"v1/vector_stores/{IdOf(await PostAsync("v1/vector_stores", new JsonObject(), "VectorStoreObject"))}";
        var (good, bad) = (IdOf(await UploadAsync("notes.txt", "The office opens at nine.")), IdOf(await UploadAsync("broken.pdf", "%PDF-1.7 and nothing more")));
        await PostAsync($"{path}/files", JsonNode.Parse($$$"""{"file_id":"{{{good}}}","attributes":{"a":"b","n":1.5,"t":true}}"""), "VectorStoreFileObject");
        await PostAsync($"{path}/files", JsonNode.Parse($$$"""{"file_id":"{{{bad}}}","chunking_strategy":{"type":"static","static":{"max_chunk_size_tokens":100,"chunk_overlap_tokens":50} } }"""), "VectorStoreFileObject");

        (await EndAsync($"{path}/files/{good}", "VectorStoreFileObject")).GetProperty("status").GetString().ShouldBe("completed");
        (await EndAsync($"{path}/files/{bad}", "VectorStoreFileObject")).GetProperty("last_error").GetProperty("code").GetString().ShouldBe("invalid_file");
        await GetAsync($"{path}/files?limit=10", "ListVectorStoreFilesResponse");
        await GetAsync($"{path}/files/{good}/content", "VectorStoreFileContentResponse");
        await PostAsync($"{path}/files/{good}", JsonNode.Parse("""{"attributes":{"c":"d"}}"""), "VectorStoreFileObject");
        await PostAsync($"{path}/files/{bad}/retry", null, "VectorStoreFileObject");
        await GetAsync(path, "VectorStoreObject");
        (await Api.DeleteAsync($"{path}/files/{good}", Ct)).Ok.ShouldBe("DeleteVectorStoreFileResponse");
    }

    [Theory]
    [InlineData("""{"query":"What does it say?"}""")]
    [InlineData("""{"query":["Good","text"],"rewrite_query":true,"max_num_results":1,"filters":{"type":"or","filters":[{"type":"eq","key":"a","value":"b"}]},"ranking_options":{"ranker":"none","score_threshold":0},"explain":true}""")]
    [InlineData("""{"query":"Nothing","filters":{"type":"eq","key":"a","value":"c"},"ranking_options":{"ranker":"auto"}}""")]
    public async Task A_search(string body)
    {
        var path = $"v1/vector_stores/{IdOf(await PostAsync("v1/vector_stores", new JsonObject(), "VectorStoreObject"))}";
        await PostAsync($"{path}/search", JsonNode.Parse(body), "VectorStoreSearchResultsPage");
        foreach (var name in new[] { "one.txt", "two.txt" })
        {
            var attachment = new JsonObject { ["file_id"] = IdOf(await UploadAsync(name, $"Good text of {name}.")), ["attributes"] = new JsonObject { ["a"] = "b" } };
            await PostAsync($"{path}/files", attachment, "VectorStoreFileObject");
        }

        await WaitAsync(async () => await GetAsync(path, "VectorStoreObject") is var shown && shown.GetProperty("status").GetString() == "completed" ? shown : null);
        await PostAsync($"{path}/search", JsonNode.Parse(body), "VectorStoreSearchResultsPage");
    }

    [Fact]
    public async Task A_batch()
    {
        var path = $"v1/vector_stores/{IdOf(await PostAsync("v1/vector_stores", new JsonObject(), "VectorStoreObject"))}";
        var files = new[] { IdOf(await UploadAsync("a.txt", "One.")), IdOf(await UploadAsync("b.md", "# Two")) };
        var batch = $"{path}/file_batches/{IdOf(await PostAsync($"{path}/file_batches", new JsonObject { ["file_ids"] = new JsonArray(files[0], files[1]) }, "VectorStoreFileBatchObject"))}";

        (await EndAsync(batch, "VectorStoreFileBatchObject")).GetProperty("status").GetString().ShouldBe("completed");
        await GetAsync($"{batch}/files", "ListVectorStoreFilesResponse");
        await PostAsync($"{batch}/cancel", null, "VectorStoreFileBatchObject");
    }

    private Task<JsonElement> EndAsync(string path, string schema) => WaitAsync(async () =>
    {
        var shown = await GetAsync(path, schema);
        return shown.GetProperty("status").GetString() == "in_progress" ? null : shown;
    });

    private async Task<JsonElement> WaitAsync(Func<Task<JsonElement?>> look)
    {
        while (true)
        {
            if (await look() is { } found) return found;
            await Task.Delay(50, Ct);
        }
    }

    private async Task<JsonElement> UploadAsync(string name, string text, string purpose = "assistants", string seconds = "")
    {
        var form = new MultipartFormDataContent { { new StringContent(purpose), "purpose" } };
        if (seconds.Length > 0)
        {
            form.Add(new StringContent("created_at"), "expires_after[anchor]");
            form.Add(new StringContent(seconds), "expires_after[seconds]");
        }

        form.Add(new ByteArrayContent(System.Text.Encoding.UTF8.GetBytes(text)), "file", name);
        using var request = new HttpRequestMessage(HttpMethod.Post, "v1/files") { Content = form };
        return (await Api.SendAsync(request, Ct)).Ok.ShouldBe("OpenAIFile");
    }

    private static string IdOf(JsonElement thing) => thing.GetProperty("id").GetString()!;
}
