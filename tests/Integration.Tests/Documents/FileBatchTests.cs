namespace AiPlatform.Integration.Tests.Documents;

public sealed class FileBatchTests(IdlePlatform platform) : VectorStoreTest(platform), IClassFixture<IdlePlatform>
{
    [Fact]
    public async Task A_batch_attaches_its_files_with_common_settings_and_ends_with_the_last_of_them()
    {
        var (store, files) = (await StoreAsync(), await FilesAsync(3));
        var batch = await BatchAsync(store, new { file_ids = files, attributes = new { a = 1 } });

        (await ShownAsync(store, batch)).ShouldBe(("in_progress", 3, 0, 0, 0));
        var listed = await GetAsync($"{Of(store)}/file_batches/{batch}/files?order=asc");
        IdsOf(listed).Order().ShouldBe(files.Order());
        listed.GetProperty("data").EnumerateArray().ShouldAllBe(file => file.GetProperty("batch_id").GetString() == batch && file.GetProperty("attributes").GetRawText() == """{"a":1}""");

        await CompleteAsync(store, files[0]);
        await CompleteAsync(store, files[2]);
        (await ShownAsync(store, batch)).ShouldBe(("in_progress", 1, 2, 0, 0));
        IdsOf(await GetAsync($"{Of(store)}/file_batches/{batch}/files?filter=in_progress")).ShouldBe([files[1]]);
        await Api.PostAsync($"{Of(store)}/file_batches/{batch}/cancel", null, Ct);
        (await ShownAsync(store, batch)).ShouldBe(("cancelled", 0, 2, 0, 1));
        IdsOf(await GetAsync($"{Of(store)}/file_batches/{batch}/files?limit=2&order=asc")).Count.ShouldBe(2);
    }

    [Fact]
    public async Task It_fails_only_when_all_of_its_files_do()
    {
        var (store, files) = (await StoreAsync(), await FilesAsync(2));
        var batch = await BatchAsync(store, new { file_ids = files });
        await FailAsync(store, files[0]);
        await CompleteAsync(store, files[1]);
        (await ShownAsync(store, batch)).ShouldBe(("completed", 0, 1, 1, 0));

        var again = await BatchAsync(store, new { file_ids = new[] { files[0] } });
        await FailAsync(store, files[0]);
        (await ShownAsync(store, again)).ShouldBe(("failed", 0, 0, 1, 0));
        // It had ended: cancelling it changes nothing.
        await Api.PostAsync($"{Of(store)}/file_batches/{again}/cancel", null, Ct);
        (await ShownAsync(store, again)).ShouldBe(("failed", 0, 0, 1, 0));
    }

    [Fact]
    public async Task Each_file_may_have_settings_of_its_own()
    {
        var (store, files) = (await StoreAsync(), await FilesAsync(3));
        await AttachAsync(store, files[2]);
        await CompleteAsync(store, files[2]);

        await BatchAsync(store, new
        {
            files = new object[]
            {
                new { file_id = files[0], attributes = new { n = 0 }, replaces = files[2] },
                new { file_id = files[1], chunking_strategy = new { type = "static", @static = new { max_chunk_size_tokens = 100, chunk_overlap_tokens = 0 } } },
            },
        });

        (await GetAsync(Of(store, files[0]))).GetProperty("attributes").GetRawText().ShouldBe("""{"n":0}""");
        (await GetAsync(Of(store, files[0]))).GetProperty("replaces").GetString().ShouldBe(files[2]);
        (await GetAsync(Of(store, files[1]))).GetProperty("chunking_strategy").GetProperty("static").GetProperty("max_chunk_size_tokens").GetInt32().ShouldBe(100);
        await CompleteAsync(store, files[0]);
        (await Api.GetAsync(Of(store, files[2]), Ct)).Status.ShouldBe(404);
    }

    [Fact]
    public async Task Files_that_are_there_already_join_the_batch_as_they_are()
    {
        var (store, files) = (await StoreAsync(), await FilesAsync(3));
        await AttachAsync(store, files[0]);
        await CompleteAsync(store, files[0]);
        await AttachAsync(store, files[1]);

        var batch = await BatchAsync(store, new { file_ids = files.Append(files[0]) });

        (await ShownAsync(store, batch)).ShouldBe(("in_progress", 2, 1, 0, 0));
    }

    [Fact]
    public async Task It_takes_two_thousand_files()
    {
        var store = await StoreAsync();
        await SqlAsync("""
            INSERT INTO knowledge.files (id, workspace_id, user_id, filename, purpose, status, bytes, created_at)
            SELECT gen_random_uuid(), u.workspace_id, u.id, 'many', 'assistants', 'ready', 1, now() FROM (SELECT * FROM identity.users ORDER BY created_at LIMIT 1) u, generate_series(1, 2000)
            """);
        var files = ((string)(await SqlAsync("SELECT string_agg('file-' || replace(id::text, '-', ''), ',') FROM knowledge.files WHERE filename = 'many'"))!).Split(',');

        var batch = await BatchAsync(store, new { file_ids = files });
        (await ShownAsync(store, batch)).ShouldBe(("in_progress", 2000, 0, 0, 0));
        var read = new List<string>();
        for (string? after = null; ;)
        {
            var page = await GetAsync($"{Of(store)}/file_batches/{batch}/files?limit=100{(after is null ? "" : $"&after={after}")}");
            read.AddRange(IdsOf(page));
            if (!page.GetProperty("has_more").GetBoolean()) break;
            after = page.GetProperty("last_id").GetString();
        }

        read.Order().ShouldBe(files.Order());
        await Api.PostAsync($"{Of(store)}/file_batches/{batch}/cancel", null, Ct);
        (await ShownAsync(store, batch)).ShouldBe(("cancelled", 0, 0, 0, 2000));
    }

    [Theory]
    [InlineData("{}", 400, "file_ids")]
    [InlineData("""{"file_ids":[]}""", 400, "file_ids")]
    [InlineData("""{"files":[]}""", 400, "files")]
    [InlineData("""{"files":[null]}""", 400, "files")]
    [InlineData("""{"file_ids":["FILE"],"files":[{"file_id":"FILE"}]}""", 400, "file_ids")]
    [InlineData("""{"files":[{"file_id":"FILE"},{"file_id":"FILE"}]}""", 400, "files")]
    [InlineData("""{"files":[{"file_id":"FILE","attributes":{"a":[]}}]}""", 400, "files[0].attributes")]
    [InlineData("""{"files":[{"file_id":"FILE","replaces":"file-x"}]}""", 400, "files[0].replaces")]
    [InlineData("""{"files":[{"file_id":"FILE"},{"file_id":"file-x"}]}""", 404, "files[1].file_id")]
    [InlineData("""{"file_ids":["FILE","file-0123456789abcdef0123456789abcdef"]}""", 404, "file_ids[1]")]
    [InlineData("""{"file_ids":["FILE"],"attributes":5}""", 400, "attributes")]
    public async Task What_is_no_batch_attaches_nothing(string body, int status, string param)
    {
        var (store, file) = (await StoreAsync(), await FileAsync());
        var reply = await Api.PostAsync($"{Of(store)}/file_batches", body.Replace("FILE", file, StringComparison.Ordinal), Ct);

        reply.Status.ShouldBe(status, reply.Text);
        reply.Param.ShouldBe(param);
        IdsOf(await GetAsync($"{Of(store)}/files")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_batch_is_found_in_its_own_store_only()
    {
        var (store, other) = (await StoreAsync(), await StoreAsync());
        var batch = await BatchAsync(store, new { file_ids = new[] { await FileAsync() } });
        foreach (var path in new[] { "", "/files" }) (await Api.GetAsync($"{Of(other)}/file_batches/{batch}{path}", Ct)).Status.ShouldBe(404);
        (await Api.PostAsync($"{Of(other)}/file_batches/{batch}/cancel", null, Ct)).Status.ShouldBe(404);
        (await ShownAsync(store, batch)).Item1.ShouldBe("in_progress");
    }

    private async Task<string> BatchAsync(string store, object body)
    {
        var batch = (await Api.PostAsync($"{Of(store)}/file_batches", body, Ct)).Ok;
        batch.GetProperty("vector_store_id").GetString().ShouldBe(store);
        return batch.GetProperty("id").GetString()!;
    }

    private async Task<(string, int, int, int, int)> ShownAsync(string store, string batch)
    {
        var shown = await GetAsync($"{Of(store)}/file_batches/{batch}");
        int Count(string name) => shown.GetProperty("file_counts").GetProperty(name).GetInt32();
        return (StatusOf(shown), Count("in_progress"), Count("completed"), Count("failed"), Count("cancelled"));
    }
}
