using AiPlatform.Domain.Knowledge;

namespace AiPlatform.Integration.Tests.Documents;

public sealed class EventPlatform : IdlePlatform
{
    protected override void Configure(IDictionary<string, string?> settings)
    {
        base.Configure(settings);
        settings["Edge:Heartbeat"] = "00:00:00.200";
    }
}

public sealed class StoreEventTests(EventPlatform platform) : VectorStoreTest(platform), IClassFixture<EventPlatform>
{
    [Fact]
    public async Task A_reader_sees_all_files_and_then_whatever_happens_to_them()
    {
        var (store, files) = (await StoreAsync(), await FilesAsync(2));
        foreach (var file in files) await AttachAsync(store, file);
        await using var events = await OpenAsync(store);

        var snapshot = await events.NextAsync("snapshot");
        snapshot.GetProperty("total").GetInt32().ShouldBe(2);
        snapshot.GetProperty("files").EnumerateArray().Select(file => file.GetProperty("id").GetString()).ShouldBe([files[1], files[0]]);

        var claimed = await Log.BeginNextAsync(await ClaimAsync(store, files[1]), IngestionStep.Embed, Ct);
        await ReportAsync(claimed, 0.4);
        await events.UntilAsync("file", file => file.GetProperty("progress").GetDouble() > 0.5);
        await Log.CompleteAsync(claimed, Ct);
        var done = await events.UntilAsync("file", file => StatusOf(file) == "completed");
        done.GetRawText().ShouldBe((await GetAsync(Of(store, files[1]))).GetRawText());

        var late = await FileAsync("late.txt");
        await AttachAsync(store, late);
        (await events.NextAsync("file")).GetProperty("id").GetString().ShouldBe(late);
        await Api.PostAsync(Of(store, files[1]), new { attributes = new { a = 1 } }, Ct);
        (await events.NextAsync("file")).GetProperty("attributes").GetRawText().ShouldBe("""{"a":1}""");
        await Api.DeleteAsync(Of(store, files[0]), Ct);
        (await events.NextAsync("deleted")).GetProperty("file_id").GetString().ShouldBe(files[0]);
    }

    [Fact]
    public async Task A_replaced_file_goes_as_its_replacement_is_ready()
    {
        var (store, old, next) = (await StoreAsync(), await FileAsync(), await FileAsync());
        await AttachAsync(store, old);
        await CompleteAsync(store, old);
        await Api.PostAsync($"{Of(store)}/files", new { file_id = next, replaces = old }, Ct);
        await using var events = await OpenAsync(store);
        await events.NextAsync("snapshot");

        await CompleteAsync(store, next);

        // In either order: they are told of as they are seen.
        var told = new HashSet<string>();
        while (told.Count < 2)
        {
            var block = (await events.BlockAsync())!;
            if (block.Event == "deleted") told.Add(block.Json.GetProperty("file_id").GetString()!);
            if (block.Event == "file" && StatusOf(block.Json) == "completed") told.Add(block.Json.GetProperty("id").GetString()!);
        }

        told.ShouldBe([old, next], ignoreOrder: true);
    }

    [Fact]
    public async Task Of_many_files_the_newest_come_first_and_the_others_when_they_change()
    {
        var store = await StoreAsync();
        await SqlAsync($"""
            WITH f AS (INSERT INTO knowledge.files (id, workspace_id, user_id, filename, purpose, status, bytes, created_at)
                SELECT gen_random_uuid(), u.workspace_id, u.id, 'one of many', 'assistants', 'ready', 1, now() FROM (SELECT * FROM identity.users ORDER BY created_at LIMIT 1) u, generate_series(1, 700)
                RETURNING id, workspace_id)
            INSERT INTO knowledge.vector_store_files (id, workspace_id, vector_store_id, file_id, attributes, max_chunk_tokens, chunk_overlap_tokens, status, step, progress, attempts, epoch,
                chunk_count, usage_bytes, created_at, updated_at)
            SELECT ('00000000' || substr(id::text, 9))::uuid, workspace_id, '{Uuid(store)}', id, jsonb_build_object(), 800, 400, 'completed', 'switch', 1, 1, 1, 1, 1, now(), now() - interval '1 day' FROM f
            """);
        await using var events = await OpenAsync(store);
        var snapshot = await events.NextAsync("snapshot");
        snapshot.GetProperty("files").GetArrayLength().ShouldBe(500);
        snapshot.GetProperty("total").GetInt32().ShouldBe(700);
        var shown = snapshot.GetProperty("files").EnumerateArray().Select(file => file.GetProperty("id").GetString()).ToHashSet();
        var oldest = IdsOf(await GetAsync($"{Of(store)}/files?order=asc&limit=1"))[0];
        shown.ShouldNotContain(oldest);

        await Api.PostAsync(Of(store, oldest), new { attributes = new { a = 1 } }, Ct);

        (await events.NextAsync("file")).GetProperty("id").GetString().ShouldBe(oldest);
    }

    [Fact]
    public async Task While_nothing_happens_the_connection_is_kept_open()
    {
        await using var events = await OpenAsync(await StoreAsync());
        await events.NextAsync("snapshot");
        for (var i = 0; i < 3; i++) (await events.BlockAsync())!.Comment.ShouldBe("keep-alive");
    }

    [Fact]
    public async Task It_ends_with_the_store()
    {
        var store = await StoreAsync();
        await using var events = await OpenAsync(store);
        await events.NextAsync("snapshot");
        await Api.DeleteAsync(Of(store), Ct);

        (await events.RestAsync()).ShouldNotContain(block => block.Event == "error");
        (await Api.GetAsync($"api/vector_stores/{store}/events", Ct)).Status.ShouldBe(404);
    }

    [Fact]
    public async Task The_page_opens_it_with_its_cookie()
    {
        var store = await StoreAsync();
        using var response = await Platform.Operator.Api.OpenAsync(new HttpRequestMessage(HttpMethod.Get, $"api/vector_stores/{store}/events"), Ct);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
    }

    private async Task<EventReader> OpenAsync(string store) =>
        new(await Api.OpenAsync(new HttpRequestMessage(HttpMethod.Get, $"api/vector_stores/{store}/events"), Ct), Ct);
}
