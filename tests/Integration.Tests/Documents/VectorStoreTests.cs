using System.Text.Json;

namespace AiPlatform.Integration.Tests.Documents;

public sealed class VectorStoreTests(IdlePlatform platform) : VectorStoreTest(platform), IClassFixture<IdlePlatform>
{
    [Fact]
    public async Task A_store_is_made_shown_changed_and_deleted()
    {
        var made = (await Api.PostAsync("v1/vector_stores", new { name = "Handbook", description = "Ours", metadata = new { a = "b" }, dimensions = 256 }, Ct)).Ok;
        var id = made.GetProperty("id").GetString()!;
        made.GetProperty("object").GetString().ShouldBe("vector_store");
        StatusOf(made).ShouldBe("completed");
        made.GetProperty("embedding_model").GetString().ShouldBe("offline-embedding");
        made.GetProperty("dimensions").GetInt32().ShouldBe(256);
        made.TryGetProperty("expires_at", out _).ShouldBeFalse();
        JsonElement.DeepEquals(await GetAsync(Of(id)), made).ShouldBeTrue();

        var changed = (await Api.PostAsync(Of(id), new { name = "Rules", expires_after = new { anchor = "last_active_at", days = 3 } }, Ct)).Ok;
        changed.GetProperty("name").GetString().ShouldBe("Rules");
        changed.GetProperty("description").GetString().ShouldBe("Ours");
        changed.GetProperty("metadata").GetRawText().ShouldBe("""{"a":"b"}""");
        changed.GetProperty("expires_at").GetInt64().ShouldBe(changed.GetProperty("last_active_at").GetInt64() + (3 * 86400));

        var kept = (await Api.PostAsync(Of(id), new { metadata = new { c = "d" } }, Ct)).Ok;
        kept.GetProperty("name").GetString().ShouldBe("Rules");
        kept.GetProperty("expires_after").GetProperty("days").GetInt32().ShouldBe(3);
        (await Api.PostAsync(Of(id), """{"expires_after":null}""", Ct)).Ok.TryGetProperty("expires_after", out _).ShouldBeFalse();

        (await Api.DeleteAsync(Of(id), Ct)).Ok.GetRawText().ShouldBe($$"""{"id":"{{id}}","object":"vector_store.deleted","deleted":true}""");
        (await Api.GetAsync(Of(id), Ct)).Status.ShouldBe(404);
        (await Api.DeleteAsync(Of(id), Ct)).Status.ShouldBe(404);
        (await Api.PostAsync(Of(id), new { name = "x" }, Ct)).Status.ShouldBe(404);
        IdsOf(await GetAsync("v1/vector_stores?limit=100")).ShouldNotContain(id);
    }

    [Fact]
    public async Task It_counts_its_files_by_their_state()
    {
        var files = await FilesAsync(4);
        var id = (await Api.PostAsync("v1/vector_stores", new { file_ids = files }, Ct)).Ok.GetProperty("id").GetString()!;
        (await ShownAsync()).ShouldBe(("in_progress", 4, 0, 0, 0));

        await CompleteAsync(id, files[0]);
        await FailAsync(id, files[1]);
        var batch = (await Api.PostAsync($"{Of(id)}/file_batches", new { file_ids = new[] { files[2] } }, Ct)).Ok.GetProperty("id").GetString();
        await Api.PostAsync($"{Of(id)}/file_batches/{batch}/cancel", null, Ct);
        (await ShownAsync()).ShouldBe(("in_progress", 1, 1, 1, 1));

        await Api.DeleteAsync(Of(id, files[3]), Ct);
        (await ShownAsync()).ShouldBe(("completed", 0, 1, 1, 1));

        async Task<(string, int, int, int, int)> ShownAsync()
        {
            var store = await GetAsync(Of(id));
            var counts = store.GetProperty("file_counts");
            int Count(string name) => counts.GetProperty(name).GetInt32();
            Count("total").ShouldBe(Count("in_progress") + Count("completed") + Count("failed") + Count("cancelled"));
            return (StatusOf(store), Count("in_progress"), Count("completed"), Count("failed"), Count("cancelled"));
        }
    }

    [Fact]
    public async Task An_expired_store_is_shown_but_takes_nothing_until_it_is_opened_again()
    {
        var (id, file, other) = (await StoreAsync(new { expires_after = new { anchor = "last_active_at", days = 1 } }), await FileAsync(), await FileAsync());
        await AttachAsync(id, file);
        await FailAsync(id, file);
        await SqlAsync($"UPDATE knowledge.vector_stores SET last_active_at = now() - interval '2 days' WHERE id = '{Uuid(id)}'");

        StatusOf(await GetAsync(Of(id))).ShouldBe("expired");
        foreach (var reply in new[]
        {
            await Api.PostAsync($"{Of(id)}/files", new { file_id = other }, Ct),
            await Api.PostAsync($"{Of(id)}/file_batches", new { file_ids = new[] { other } }, Ct),
            await Api.PostAsync($"{Of(id, file)}/retry", null, Ct),
        })
        {
            reply.Status.ShouldBe(409, reply.Text);
            reply.Code.ShouldBe("vector_store_expired");
        }

        StatusOf((await Api.PostAsync(Of(id), new { name = "Still expired" }, Ct)).Ok).ShouldBe("expired");
        StatusOf((await Api.PostAsync(Of(id), new { expires_after = new { anchor = "last_active_at", days = 9 } }, Ct)).Ok).ShouldBe("completed");
        StatusOf(await AttachAsync(id, other)).ShouldBe("in_progress");
    }

    [Fact]
    public async Task Attaching_keeps_a_store_alive()
    {
        var id = await StoreAsync();
        await SqlAsync($"UPDATE knowledge.vector_stores SET last_active_at = now() - interval '2 days' WHERE id = '{Uuid(id)}'");
        var before = (await GetAsync(Of(id))).GetProperty("last_active_at").GetInt64();

        await AttachAsync(id, await FileAsync());

        (await GetAsync(Of(id))).GetProperty("last_active_at").GetInt64().ShouldBeGreaterThan(before + 86400);
    }

    [Fact]
    public async Task Stores_are_listed_page_by_page_both_ways_and_in_both_orders()
    {
        using var tenant = await Platform.CreateTenantAsync(Ct);
        var made = new List<string>();
        for (var i = 0; i < 7; i++) made.Add((await tenant.Api.PostAsync("v1/vector_stores", new { name = $"{i}" }, Ct)).Ok.GetProperty("id").GetString()!);

        await ShouldListAsync("order=asc&limit=3", made[..3], true);
        await ShouldListAsync($"order=asc&limit=3&after={made[2]}", made[3..6], true);
        await ShouldListAsync($"order=asc&limit=3&after={made[5]}", made[6..], false);
        await ShouldListAsync($"order=asc&limit=3&before={made[6]}", made[3..6], true);
        await ShouldListAsync($"order=asc&limit=3&before={made[3]}", made[..3], false);
        await ShouldListAsync($"order=asc&after={made[1]}&before={made[4]}", made[2..4], false);
        made.Reverse();
        await ShouldListAsync("limit=3", made[..3], true);
        await ShouldListAsync($"limit=3&after={made[2]}", made[3..6], true);
        await ShouldListAsync($"limit=3&before={made[6]}", made[3..6], true);
        await ShouldListAsync("", made, false);

        async Task ShouldListAsync(string query, List<string> expected, bool hasMore)
        {
            var list = (await tenant.Api.GetAsync($"v1/vector_stores?{query}", Ct)).Ok;
            var ids = IdsOf(list);
            list.GetProperty("first_id").GetString().ShouldBe(ids[0]);
            list.GetProperty("last_id").GetString().ShouldBe(ids[^1]);
            ids.ShouldBe(expected, query);
            list.GetProperty("has_more").GetBoolean().ShouldBe(hasMore, query);
        }
    }

    [Theory]
    [InlineData("""{"name":"a\nb"}""", "name")]
    [InlineData("""{"file_ids":"x"}""", "file_ids")]
    [InlineData("""{"file_ids":[null]}""", "file_ids")]
    [InlineData("""{"expires_after":{"anchor":"last_active_at","days":0}}""", "expires_after")]
    [InlineData("""{"expires_after":{"anchor":"created_at","days":1}}""", "expires_after")]
    [InlineData("""{"expires_after":{"days":1}}""", "expires_after")]
    [InlineData("""{"metadata":{"a":5}}""", "metadata.a")]
    [InlineData("""{"embedding_model":"no-such-model"}""", "embedding_model")]
    [InlineData("""{"embedding_model":"fake-claude"}""", "embedding_model")]
    [InlineData("""{"dimensions":0}""", "dimensions")]
    [InlineData("""{"dimensions":4001}""", "dimensions")]
    [InlineData("""{"chunking_strategy":{"type":"other"}}""", "chunking_strategy.type")]
    [InlineData("""{"chunking_strategy":{"type":"static"}}""", "chunking_strategy.static")]
    [InlineData("""{"chunking_strategy":{"type":"static","static":{"max_chunk_size_tokens":99,"chunk_overlap_tokens":0}}}""", "chunking_strategy.static.max_chunk_size_tokens")]
    [InlineData("""{"chunking_strategy":{"type":"static","static":{"max_chunk_size_tokens":100,"chunk_overlap_tokens":51}}}""", "chunking_strategy.static.chunk_overlap_tokens")]
    public async Task What_a_store_cannot_be_is_refused_by_its_name(string body, string param)
    {
        var reply = await Api.PostAsync("v1/vector_stores", body, Ct);
        reply.Status.ShouldBe(400, reply.Text);
        reply.Param.ShouldBe(param);
    }

    [Theory]
    [InlineData("""{"expires_after":5}""", "expires_after")]
    [InlineData("""{"expires_after":{"anchor":"last_active_at","days":366}}""", "expires_after")]
    [InlineData("""{"expires_after":{"anchor":"last_active_at","days":1.5}}""", "expires_after")]
    [InlineData("""{"name":5}""", "name")]
    public async Task What_a_store_cannot_become_is_refused_by_its_name(string body, string param)
    {
        var reply = await Api.PostAsync(Of(await StoreAsync()), body, Ct);
        reply.Status.ShouldBe(400, reply.Text);
        reply.Param.ShouldBe(param);
    }

    [Fact]
    public async Task A_store_is_made_with_all_its_files_or_not_at_all()
    {
        var name = Guid.CreateVersion7().ToString();
        var reply = await Api.PostAsync("v1/vector_stores", new { name, file_ids = new[] { await FileAsync(), "file-0123456789abcdef0123456789abcdef" } }, Ct);

        reply.Status.ShouldBe(404);
        reply.Param.ShouldBe("file_ids[1]");
        (await SqlAsync($"SELECT count(*) FROM knowledge.vector_stores WHERE name = '{name}'")).ShouldBe(0L);
    }

    [Fact]
    public async Task Wrong_pages_are_refused()
    {
        foreach (var (query, param) in new[] { ("limit=0", "limit"), ("limit=101", "limit"), ("order=up", "order"), ("after=vs_x", "after"), ("before=vs_0123456789abcdef0123456789abcdef", "before") })
        {
            var reply = await Api.GetAsync($"v1/vector_stores?{query}", Ct);
            reply.Status.ShouldBe(400, reply.Text);
            reply.Param.ShouldBe(param);
        }
    }
}
