using System.Text.Json;
using AiPlatform.Application.Knowledge.Extraction;
using AiPlatform.Domain.Knowledge;

namespace AiPlatform.Integration.Tests.Documents;

public sealed class VectorStoreFileTests(IdlePlatform platform) : VectorStoreTest(platform), IClassFixture<IdlePlatform>
{
    [Fact]
    public async Task A_file_is_attached_followed_to_its_end_and_detached()
    {
        var (store, file) = (await StoreAsync(), await FileAsync("handbook.pdf"));
        var attached = (await Api.PostAsync($"{Of(store)}/files", new { file_id = file, attributes = new { year = 2026, open = true, who = "us" } }, Ct)).Ok;
        attached.GetProperty("id").GetString().ShouldBe(file);
        attached.GetProperty("vector_store_id").GetString().ShouldBe(store);
        attached.GetProperty("filename").GetString().ShouldBe("handbook.pdf");
        attached.GetProperty("bytes").GetInt64().ShouldBe(100);
        attached.GetProperty("step").GetString().ShouldBe("extract");
        attached.GetProperty("progress").GetDouble().ShouldBe(0);
        attached.GetProperty("last_error").ValueKind.ShouldBe(JsonValueKind.Null);
        attached.GetProperty("chunking_strategy").GetRawText().ShouldBe("""{"static":{"max_chunk_size_tokens":800,"chunk_overlap_tokens":400},"type":"static"}""");
        attached.GetProperty("attributes").GetProperty("year").GetInt32().ShouldBe(2026);

        var claimed = await ClaimAsync(store, file);
        claimed = await Log.BeginNextAsync(claimed, IngestionStep.Embed, Ct);
        await ReportAsync(claimed, 0.5);
        var working = await GetAsync(Of(store, file));
        working.GetProperty("step").GetString().ShouldBe("embed");
        working.GetProperty("progress").GetDouble().ShouldBe(0.575);

        await Log.CompleteAsync(claimed, Ct);
        var done = await GetAsync(Of(store, file));
        StatusOf(done).ShouldBe("completed");
        done.GetProperty("progress").GetDouble().ShouldBe(1);
        done.TryGetProperty("step", out _).ShouldBeFalse();

        (await Api.DeleteAsync(Of(store, file), Ct)).Ok.GetRawText().ShouldBe($$"""{"id":"{{file}}","object":"vector_store.file.deleted","deleted":true}""");
        (await Api.GetAsync(Of(store, file), Ct)).Status.ShouldBe(404);
        (await Api.DeleteAsync(Of(store, file), Ct)).Status.ShouldBe(404);
    }

    [Fact]
    public async Task Attaching_again_shows_the_file_as_it_is()
    {
        var (store, file) = (await StoreAsync(), await FileAsync());
        var body = new { file_id = file, attributes = new { b = 1.50, a = "x" }, chunking_strategy = new { type = "static", @static = new { max_chunk_size_tokens = 200, chunk_overlap_tokens = 100 } } };
        var first = (await Api.PostAsync($"{Of(store)}/files", body, Ct)).Ok;

        JsonElement.DeepEquals((await Api.PostAsync($"{Of(store)}/files", body, Ct)).Ok, first).ShouldBeTrue();
        await CompleteAsync(store, file);
        StatusOf((await Api.PostAsync($"{Of(store)}/files", body, Ct)).Ok).ShouldBe("completed");

        var otherwise = await Api.PostAsync($"{Of(store)}/files", new { file_id = file }, Ct);
        otherwise.Status.ShouldBe(409);
        otherwise.Code.ShouldBe("file_already_attached");
    }

    [Fact]
    public async Task Attaching_one_that_failed_begins_anew_with_other_settings()
    {
        var (store, file) = (await StoreAsync(), await FileAsync());
        await AttachAsync(store, file);
        await FailAsync(store, file);

        var again = (await Api.PostAsync($"{Of(store)}/files", new { file_id = file, attributes = new { a = 1 } }, Ct)).Ok;

        StatusOf(again).ShouldBe("in_progress");
        again.GetProperty("last_error").ValueKind.ShouldBe(JsonValueKind.Null);
        again.GetProperty("attributes").GetRawText().ShouldBe("""{"a":1}""");
        await CompleteAsync(store, file);
        StatusOf(await GetAsync(Of(store, file))).ShouldBe("completed");
    }

    [Fact]
    public async Task One_that_failed_says_why_and_goes_on_from_there_when_asked_to()
    {
        var (store, file) = (await StoreAsync(), await FileAsync());
        await AttachAsync(store, file);
        (await Api.PostAsync($"{Of(store, file)}/retry", null, Ct)).Status.ShouldBe(409);
        var claimed = await Log.BeginNextAsync(await ClaimAsync(store, file), IngestionStep.Embed, Ct);
        await Log.FailAsync(claimed, new("server_error", "The model is away."), Ct);
        var failed = await GetAsync(Of(store, file));
        StatusOf(failed).ShouldBe("failed");
        failed.GetProperty("step").GetString().ShouldBe("embed");
        failed.GetProperty("last_error").GetRawText().ShouldBe("""{"code":"server_error","message":"The model is away."}""");

        var again = (await Api.PostAsync($"{Of(store, file)}/retry", null, Ct)).Ok;

        StatusOf(again).ShouldBe("in_progress");
        again.GetProperty("step").GetString().ShouldBe("embed");
        again.GetProperty("attempts").GetInt32().ShouldBe(0);
        again.GetProperty("last_error").ValueKind.ShouldBe(JsonValueKind.Null);
        await CompleteAsync(store, file);
        (await Api.PostAsync($"{Of(store, file)}/retry", null, Ct)).Code.ShouldBe("file_not_failed");
    }

    [Fact]
    public async Task Files_are_listed_page_by_page_and_by_their_state()
    {
        var (store, files) = (await StoreAsync(), await FilesAsync(6));
        foreach (var file in files) await AttachAsync(store, file);
        await CompleteAsync(store, files[1]);
        await FailAsync(store, files[4]);

        IdsOf(await GetAsync($"{Of(store)}/files?order=asc")).ShouldBe(files);
        IdsOf(await GetAsync($"{Of(store)}/files?order=asc&filter=completed")).ShouldBe([files[1]]);
        IdsOf(await GetAsync($"{Of(store)}/files?filter=failed")).ShouldBe([files[4]]);
        IdsOf(await GetAsync($"{Of(store)}/files?filter=cancelled")).ShouldBeEmpty();
        IdsOf(await GetAsync($"{Of(store)}/files?order=asc&filter=in_progress&limit=2&after={files[1]}")).ShouldBe([files[2], files[3]]);
        IdsOf(await GetAsync($"{Of(store)}/files?limit=2&before={files[1]}")).ShouldBe([files[3], files[2]]);
        foreach (var query in new[] { "filter=done", "after=file-x", $"after={await FileAsync()}", "limit=1000" })
            (await Api.GetAsync($"{Of(store)}/files?{query}", Ct)).Status.ShouldBe(400, query);
    }

    [Theory]
    [InlineData("{}", "file_id")]
    [InlineData("""{"file_id":""}""", "file_id")]
    [InlineData("""{"file_id":"FILE","attributes":[]}""", "attributes")]
    [InlineData("""{"file_id":"FILE","attributes":{"a":{}}}""", "attributes")]
    [InlineData("""{"file_id":"FILE","attributes":{"a":null}}""", "attributes")]
    [InlineData("""{"file_id":"FILE","attributes":{"a":1e999}}""", "attributes")]
    [InlineData("""{"file_id":"FILE","attributes":{"a":"\u0000"}}""", "attributes")]
    [InlineData("""{"file_id":"FILE","chunking_strategy":{}}""", "chunking_strategy.type")]
    [InlineData("""{"file_id":"FILE","replaces":"file-0123456789abcdef0123456789abcdef"}""", "replaces")]
    [InlineData("""{"file_id":"FILE","replaces":"FILE"}""", "replaces")]
    public async Task What_cannot_be_attached_is_refused_by_its_name(string body, string param)
    {
        var (store, file) = (await StoreAsync(), await FileAsync());
        var reply = await Api.PostAsync($"{Of(store)}/files", body.Replace("FILE", file, StringComparison.Ordinal), Ct);

        reply.Status.ShouldBe(400, reply.Text);
        reply.Param.ShouldBe(param);
        IdsOf(await GetAsync($"{Of(store)}/files")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_file_that_is_not_whole_or_deleted_or_past_its_time_cannot_be_attached()
    {
        var store = await StoreAsync();
        foreach (var change in new[] { "status = 'uploading'", "status = 'deleted'", "expires_at = now() - interval '1 minute'" })
        {
            var file = await FileAsync();
            await SqlAsync($"UPDATE knowledge.files SET {change} WHERE id = '{Uuid(file)}'");
            var reply = await Api.PostAsync($"{Of(store)}/files", new { file_id = file }, Ct);
            reply.Status.ShouldBe(404, change);
            reply.Param.ShouldBe("file_id");
        }
    }

    [Fact]
    public async Task Attributes_are_replaced_as_a_whole()
    {
        var (store, file) = (await StoreAsync(), await FileAsync());
        await Api.PostAsync($"{Of(store)}/files", new { file_id = file, attributes = new { a = 1, b = "two" } }, Ct);

        (await Api.PostAsync(Of(store, file), """{"attributes":{"b":2.5,"naïve key":"किताब"}}""", Ct)).Ok.GetProperty("attributes").GetRawText().ShouldBe("""{"b":2.5,"naïve key":"किताब"}""");
        (await Api.PostAsync(Of(store, file), """{"attributes":null}""", Ct)).Status.ShouldBe(400);
        (await Api.PostAsync(Of(store, file), """{"attributes":{}}""", Ct)).Ok.GetProperty("attributes").GetRawText().ShouldBe("{}");
        (await Api.PostAsync(Of(store, await FileAsync()), """{"attributes":{}}""", Ct)).Status.ShouldBe(404);
    }

    [Fact]
    public async Task A_replacement_takes_the_place_when_it_is_ready_and_not_before()
    {
        var (store, old, next) = (await StoreAsync(), await FileAsync(), await FileAsync());
        await AttachAsync(store, old);
        await CompleteAsync(store, old);

        var attached = (await Api.PostAsync($"{Of(store)}/files", new { file_id = next, replaces = old }, Ct)).Ok;
        attached.GetProperty("replaces").GetString().ShouldBe(old);
        IdsOf(await GetAsync($"{Of(store)}/files?filter=completed")).ShouldBe([old]);

        await CompleteAsync(store, next);
        IdsOf(await GetAsync($"{Of(store)}/files")).ShouldBe([next]);
        // The same request once more, after an answer that was lost.
        StatusOf((await Api.PostAsync($"{Of(store)}/files", new { file_id = next, replaces = old }, Ct)).Ok).ShouldBe("completed");
    }

    [Theory]
    [InlineData("the last first")]
    [InlineData("the middle first")]
    [InlineData("the middle fails")]
    public async Task Of_a_chain_of_replacements_the_last_one_stays(string how)
    {
        var (store, a, b, c) = (await StoreAsync(), await FileAsync("a"), await FileAsync("b"), await FileAsync("c"));
        await AttachAsync(store, a);
        await CompleteAsync(store, a);
        await Api.PostAsync($"{Of(store)}/files", new { file_id = b, replaces = a }, Ct);
        var middle = await ClaimAsync(store, b);
        await Api.PostAsync($"{Of(store)}/files", new { file_id = c, replaces = b }, Ct);
        var last = await ClaimAsync(store, c);

        if (how == "the middle first")
        {
            await Log.CompleteAsync(middle, Ct);
            IdsOf(await GetAsync($"{Of(store)}/files?filter=completed")).ShouldBe([b]);
        }

        if (how == "the middle fails") await Log.FailAsync(middle, new("invalid_file", "Broken."), Ct);
        await Log.CompleteAsync(last, Ct);
        if (how == "the last first") await Should.ThrowAsync<AiPlatform.Application.Knowledge.Ingestion.FileLost>(Log.CompleteAsync(middle, Ct));

        IdsOf(await GetAsync($"{Of(store)}/files")).ShouldBe([c]);
    }

    [Fact]
    public async Task The_text_is_there_page_by_page_once_it_is_extracted()
    {
        var (store, file) = (await StoreAsync(), await FileAsync());
        await AttachAsync(store, file);
        (await Api.GetAsync($"{Of(store, file)}/content", Ct)).Code.ShouldBe("file_not_ready");
        (await Api.GetAsync($"api/vector_stores/{store}/files/{file}/text", Ct)).Status.ShouldBe(400);
        await WriteTextAsync(file, [.. Enumerable.Range(1, 120).Select(number => PageOf(number, $"Page {number}", "किताब") with { Label = number == 2 ? "Sheet" : null })]);

        var first = await GetAsync($"{Of(store, file)}/content");
        first.GetProperty("data").GetArrayLength().ShouldBe(50);
        first.GetProperty("data")[1].GetRawText().ShouldBe("""{"type":"text","text":"Page 2\n\nकिताब","page":2,"label":"Sheet","start":15}""");
        first.GetProperty("has_more").GetBoolean().ShouldBeTrue();
        var pages = new List<int>();
        for (string? token = null; ;)
        {
            var page = await GetAsync($"{Of(store, file)}/content{(token is null ? "" : $"?page={token}")}");
            pages.AddRange(page.GetProperty("data").EnumerateArray().Select(entry => entry.GetProperty("page").GetInt32()));
            token = page.GetProperty("next_page").GetString();
            if (token is null) break;
        }

        pages.ShouldBe(Enumerable.Range(1, 120));
        (await GetAsync(Of(store, file))).GetProperty("page_count").GetInt32().ShouldBe(120);
        (await Api.GetAsync($"{Of(store, file)}/content?page=x", Ct)).Param.ShouldBe("page");
    }

    [Fact]
    public async Task A_document_is_read_by_pages_and_a_long_page_in_parts()
    {
        var (store, file) = (await StoreAsync(), await FileAsync());
        await AttachAsync(store, file);
        var paragraph = new string('x', 1000);
        ExtractedBlock[] mixed = [new(BlockKind.Heading, "Title", 2), new(BlockKind.TableHeader, "a | b"), new(BlockKind.ListItem, "one")];
        await WriteTextAsync(file, new ExtractedPage(1, mixed), PageOf(2, [.. Enumerable.Repeat(paragraph, 130)]), PageOf(3, "The end."));

        var read = new List<(int Page, int Blocks)>();
        JsonElement part = default;
        for (string? token = "1"; token is not null; token = part.GetProperty("next_page").GetString())
        {
            part = await GetAsync($"api/vector_stores/{store}/files/{file}/text?page={token}");
            part.GetProperty("pages").GetInt32().ShouldBe(3);
            read.AddRange(part.GetProperty("data").EnumerateArray().Select(page => (page.GetProperty("page").GetInt32(), page.GetProperty("blocks").GetArrayLength())));
        }

        read.GroupBy(page => page.Page).Select(page => (page.Key, page.Sum(piece => piece.Blocks))).ShouldBe([(1, 3), (2, 130), (3, 1)]);
        read.Count.ShouldBeGreaterThan(4);
        var title = (await GetAsync($"api/vector_stores/{store}/files/{file}/text")).GetProperty("data")[0].GetProperty("blocks");
        title[0].GetRawText().ShouldBe("""{"kind":"heading","text":"Title","level":2,"start":0}""");
        title[1].GetRawText().ShouldBe("""{"kind":"table_header","text":"a | b","start":7}""");
        (await GetAsync($"api/vector_stores/{store}/files/{file}/text?page=3")).GetProperty("data")[0].GetProperty("page").GetInt32().ShouldBe(3);
        foreach (var wrong in new[] { "0", "4", "-1", "1.", "x", "1.2.3" }) (await Api.GetAsync($"api/vector_stores/{store}/files/{file}/text?page={wrong}", Ct)).Status.ShouldBe(400, wrong);
    }

    [Fact]
    public async Task A_page_is_opened_by_its_number_also_where_pages_before_it_have_no_text()
    {
        var (store, file) = (await StoreAsync(), await FileAsync());
        await AttachAsync(store, file);
        await WriteTextAsync(file, PageOf(2, "two"), PageOf(7, "seven"), PageOf(8, "eight"));
        var path = $"api/vector_stores/{store}/files/{file}/text";

        var seven = await GetAsync($"{path}?page=7");
        seven.GetProperty("pages").GetInt32().ShouldBe(8);
        seven.GetProperty("data").EnumerateArray().Select(page => page.GetProperty("page").GetInt32()).ShouldBe([7, 8]);
        seven.GetProperty("data")[0].GetProperty("blocks")[0].GetProperty("text").GetString().ShouldBe("seven");
        var five = await GetAsync($"{path}?page=5");
        five.GetProperty("data")[0].GetRawText().ShouldBe("""{"page":5,"blocks":[]}""");
        (await GetAsync(path)).GetProperty("data").EnumerateArray().Select(page => page.GetProperty("page").GetInt32()).ShouldBe(Enumerable.Range(1, 8));
        (await Api.GetAsync($"{path}?page=9", Ct)).Status.ShouldBe(400);
    }

    [Fact]
    public async Task The_page_learns_what_it_may_upload()
    {
        var settings = await GetAsync("api/documents/settings");
        settings.GetProperty("max_file_bytes").GetInt64().ShouldBe(512L * 1024 * 1024);
        settings.GetProperty("embedding_model").GetString().ShouldBe("offline-embedding");
        settings.GetProperty("formats").EnumerateArray().SelectMany(format => format.GetProperty("extensions").EnumerateArray()).Select(extension => extension.GetString()).ShouldContain(".pdf");
    }
}
