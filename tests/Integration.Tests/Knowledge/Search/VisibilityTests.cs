using System.Text.Json;

namespace AiPlatform.Integration.Tests.Knowledge.Search;

/// <summary>Searches see what is completed, and each time all of it as it was at one moment.</summary>
public sealed class VisibilityTests(Platform platform) : PlatformTest(platform), IClassFixture<Platform>
{
    [Fact]
    public async Task A_file_is_found_once_it_is_completed_and_until_it_is_detached()
    {
        var store = await Api.CreateStoreAsync(Ct);
        await Api.AddAsync(store, "old.txt", "The meeting is on Monday.", Ct);
        var file = await Api.UploadAsync("new.txt", "The meeting is on Tuesday.", Ct);
        await Api.AttachAsync(store, file, Ct);
        await Api.UntilReadyAsync(store, Ct);
        await SetStatusAsync(file, "in_progress");

        (await Api.SearchAsync(store, new { query = "meeting" }, Ct)).Ok.Names().ShouldBe(["old.txt"]);
        await SetStatusAsync(file, "completed");
        (await Api.SearchAsync(store, new { query = "meeting" }, Ct)).Ok.Names().ShouldBe(["old.txt", "new.txt"], ignoreOrder: true);
        _ = (await Api.DeleteAsync($"v1/vector_stores/{store}/files/{file}", Ct)).Ok;
        (await Api.SearchAsync(store, new { query = "meeting" }, Ct)).Ok.Names().ShouldBe(["old.txt"]);
    }

    [Fact]
    public async Task While_a_file_is_replaced_searches_find_the_old_one_or_the_new_one()
    {
        var store = await Api.CreateStoreAsync(Ct);
        var current = await Api.AddAsync(store, "plan-0.txt", TextOf(0), Ct, chunk: 100);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var searches = 0;
        var searching = Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(async () =>
        {
            while (!end.IsCancellationRequested)
            {
                var page = (await Api.SearchAsync(store, new { query = "What is the plan of this version?", max_num_results = 20 }, Ct)).Ok;
                page.Names().Distinct().Count().ShouldBe(1, page.ToString());
                Interlocked.Increment(ref searches);
            }
        }, Ct)));

        for (var version = 1; version <= 4; version++)
        {
            current = await Api.AddAsync(store, $"plan-{version}.txt", TextOf(version), Ct, replaces: current, chunk: 100);
            (await Api.SearchAsync(store, new { query = "plan" }, Ct)).Ok.Names().Distinct().ShouldBe([$"plan-{version}.txt"]);
        }

        await end.CancelAsync();
        await searching;
        searches.ShouldBeGreaterThan(3);

        static string TextOf(int version) => string.Join("\n\n", Enumerable.Range(0, 12).Select(part =>
            $"Part {part} of the plan, version {version}. " + string.Concat(Enumerable.Repeat($"What is done in part {part} of version {version} is written down here. ", 6))));
    }

    [Fact]
    public async Task Chunks_beside_each_other_are_one_passage_of_the_documents_own_letters()
    {
        var text = string.Join("\n\n", Enumerable.Range(0, 8).Select(part => part is 3 or 4
            ? string.Concat(Enumerable.Repeat($"Zebras of herd {part} graze near the river. ", 9)).Trim()
            : string.Concat(Enumerable.Repeat($"Committee number {part} discussed the budget again. ", 9)).Trim()));
        var store = await Api.CreateStoreAsync(Ct);
        await Api.AddAsync(store, "zebras.txt", text, Ct, chunk: 100);

        var best = (await Api.SearchAsync(store, new { query = "Zebras graze near the river" }, Ct)).Ok.GetProperty("data")[0];
        var (start, end) = (best.GetProperty("start").GetInt32(), best.GetProperty("end").GetInt32());
        best.TextOf().ShouldBe(text[start..end]);
        best.TextOf().ShouldContain("herd 3");
        best.TextOf().ShouldContain("herd 4");
        best.TextOf().ShouldNotContain("Committee");
    }

    [Fact]
    public async Task A_passage_says_where_its_pages_begin()
    {
        var store = await Api.CreateStoreAsync(Ct);
        // A form feed begins a page.
        await Api.AddAsync(store, "pages.txt", "The first page is about apples.\f\nThe second page is about pears.\f\nThe third page is about plums.", Ct);

        var best = (await Api.SearchAsync(store, new { query = "apples pears plums" }, Ct)).Ok.GetProperty("data")[0];
        best.GetProperty("page").GetInt32().ShouldBe(1);
        var text = best.TextOf();
        best.GetProperty("pages").EnumerateArray().Select(page => (page.GetProperty("page").GetInt32(), page.GetProperty("start").GetInt32()))
            .ShouldBe([(1, 0), (2, text.IndexOf("The second", StringComparison.Ordinal)), (3, text.IndexOf("The third", StringComparison.Ordinal))]);
    }

    [Fact]
    public async Task A_store_that_has_expired_is_not_searched_and_one_that_is_searched_does_not_expire()
    {
        var store = await Api.CreateStoreAsync(Ct);
        await ExecuteAsync($"UPDATE knowledge.vector_stores SET expires_after_days = 1, last_active_at = now() - interval '23 hours' WHERE id = '{GuidOf(store)}'");
        (await Api.SearchAsync(store, new { query = "anything" }, Ct)).Status.ShouldBe(200);
        (await ExecuteAsync($"SELECT last_active_at > now() - interval '1 minute' FROM knowledge.vector_stores WHERE id = '{GuidOf(store)}'")).ShouldBe(true);

        await ExecuteAsync($"UPDATE knowledge.vector_stores SET last_active_at = now() - interval '25 hours' WHERE id = '{GuidOf(store)}'");
        var reply = await Api.SearchAsync(store, new { query = "anything" }, Ct);
        (reply.Status, reply.Code).ShouldBe((409, "vector_store_expired"));
    }

    [Fact]
    public async Task While_the_embedding_model_is_away_words_alone_are_searched_and_the_answer_says_so()
    {
        // By another name, because a model that failed is left in peace for a while, and others search here too.
        var store = await Api.CreateStoreAsync(Ct, "openai/fake-embedding");
        await Api.AddAsync(store, "notes.txt", "Penguins live in the south.", Ct);
        const string Question = "Where do penguins live when the model is away?";
        for (var i = 0; i < 2; i++) Vendor.Enqueue(FakeScript.Do("status=503") with { When = request => request.Body.GetRawText().Contains(Question, StringComparison.Ordinal) });

        var page = (await Api.SearchAsync(store, new { query = Question }, Ct)).Ok;
        page.GetProperty("warning").GetString()!.ShouldContain("by words alone");
        Platform.Log.Entries.ShouldContain(entry => entry.Everything.Contains("by words alone", StringComparison.Ordinal));
    }

    private Task SetStatusAsync(string file, string status) => ExecuteAsync($"UPDATE knowledge.vector_store_files SET status = '{status}', lease_until = 'infinity', owner = CASE WHEN '{status}' = 'completed' THEN NULL ELSE 'a test' END WHERE file_id = '{GuidOf(file)}'");

    private Task<object?> ExecuteAsync(string sql) => Platform.Database.ScalarAsync(sql, Ct);

    private static Guid GuidOf(string id) => Guid.ParseExact(id[^32..], "n");
}
