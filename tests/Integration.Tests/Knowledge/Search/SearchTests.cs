using System.Text.Json;
using System.Text.Json.Nodes;

namespace AiPlatform.Integration.Tests.Knowledge.Search;

/// <summary>What searches ask for, and what they find.</summary>
public sealed class SearchTests(SearchPlatform platform) : PlatformTest(platform), IClassFixture<SearchPlatform>
{
    private string Store => ((SearchPlatform)Platform).Store;

    [Fact]
    public async Task The_best_passage_comes_first_with_its_place_and_a_score()
    {
        var page = (await Api.SearchAsync(Store, new { query = "When was the university of Bologna founded?" }, Ct)).Ok;

        page.GetProperty("search_query")[0].GetString().ShouldBe("When was the university of Bologna founded?");
        var results = page.GetProperty("data").EnumerateArray().ToList();
        var best = results[0];
        best.GetProperty("filename").GetString().ShouldBe("bologna.txt");
        best.TextOf().ShouldBe("Bologna is a town in Italy. Its university was founded in 1088.");
        (best.GetProperty("start").GetInt32(), best.GetProperty("end").GetInt32(), best.GetProperty("page").GetInt32()).ShouldBe((0, best.TextOf().Length, 1));
        best.GetProperty("attributes").GetProperty("lang").GetString().ShouldBe("it");
        var scores = results.Select(result => result.GetProperty("score").GetDouble()).ToList();
        scores.ShouldBe(scores.OrderDescending());
        scores.ShouldAllBe(score => score >= 0 && score <= 1);
        scores[0].ShouldBeGreaterThan(scores[1]);
    }

    [Theory]
    [InlineData("""{"type":"eq","key":"lang","value":"sv"}""", "uppsala")]
    [InlineData("""{"type":"eq","key":"year","value":2024}""", "bologna")]
    [InlineData("""{"type":"eq","key":"year","value":2024.0}""", "bologna")]
    [InlineData("""{"type":"eq","key":"year","value":"2024"}""", "heidelberg")]
    [InlineData("""{"type":"eq","key":"draft","value":false}""", "uppsala")]
    [InlineData("""{"type":"eq","key":"nothing","value":1}""", "")]
    [InlineData("""{"type":"ne","key":"lang","value":"sv"}""", "bologna coimbra heidelberg")]
    [InlineData("""{"type":"ne","key":"year","value":2024}""", "coimbra heidelberg uppsala")]
    [InlineData("""{"type":"gt","key":"year","value":2020}""", "bologna")]
    [InlineData("""{"type":"gte","key":"year","value":2020}""", "bologna uppsala")]
    [InlineData("""{"type":"lt","key":"year","value":2024}""", "uppsala")]
    [InlineData("""{"type":"lte","key":"rank","value":1.5}""", "uppsala")]
    [InlineData("""{"type":"gt","key":"year","value":"2023"}""", "heidelberg")]
    [InlineData("""{"type":"lt","key":"lang","value":"it"}""", "heidelberg")]
    [InlineData("""{"type":"lte","key":"lang","value":"it"}""", "bologna heidelberg")]
    [InlineData("""{"type":"in","key":"lang","value":["sv","de","xx"]}""", "heidelberg uppsala")]
    [InlineData("""{"type":"in","key":"year","value":["2024",2020]}""", "heidelberg uppsala")]
    [InlineData("""{"type":"nin","key":"lang","value":["sv","de"]}""", "bologna coimbra")]
    [InlineData("""{"type":"and","filters":[{"type":"gte","key":"year","value":2000},{"type":"eq","key":"draft","value":true}]}""", "bologna")]
    [InlineData("""{"type":"or","filters":[{"type":"eq","key":"lang","value":"sv"},{"type":"and","filters":[{"type":"ne","key":"lang","value":"it"},{"type":"eq","key":"lang","value":"de"}]}]}""", "heidelberg uppsala")]
    [InlineData("""{"type":"eq","key":"lang","value":"sv' OR TRUE --"}""", "")]
    [InlineData("""{"type":"eq","key":"lang\"}' OR TRUE --","value":"sv"}""", "")]
    [InlineData("""{"type":"eq","key":"lang","value":"s\u0000v"}""", "")]
    [InlineData("""{"type":"lt","key":"year","value":1e999}""", "bologna uppsala")]
    [InlineData("""{"type":"gt","key":"year","value":-1e999999}""", "bologna uppsala")]
    [InlineData("""{"type":"eq","key":"year","value":1e999999}""", "")]
    [InlineData("""{"type":"nin","key":"year","value":[1e999999,"\u0000",2020]}""", "bologna coimbra heidelberg")]
    [InlineData("""{"type":"eq","key":"year","value":2.02e3}""", "uppsala")]
    public async Task A_filter_leaves_the_files_that_meet_it(string filter, string expected)
    {
        var page = (await Api.SearchAsync(Store, new { query = "town university founded", filters = JsonNode.Parse(filter) }, Ct)).Ok;

        page.Names().Order(StringComparer.Ordinal).ShouldBe(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(name => $"{name}.txt"));
    }

    [Theory]
    [InlineData("{}", "query")]
    [InlineData("""{"query":""}""", "query")]
    [InlineData("""{"query":" "}""", "query")]
    [InlineData("""{"query":[]}""", "query")]
    [InlineData("""{"query":["a",1]}""", "query")]
    [InlineData("""{"query":"a","max_num_results":0}""", "max_num_results")]
    [InlineData("""{"query":"a","max_num_results":51}""", "max_num_results")]
    [InlineData("""{"query":"a","ranking_options":{"ranker":"best"}}""", "ranking_options.ranker")]
    [InlineData("""{"query":"a","ranking_options":{"score_threshold":1.1}}""", "ranking_options.score_threshold")]
    [InlineData("""{"query":"a","ranking_options":{"hybrid_search":{"embedding_weight":0,"text_weight":0}}}""", "ranking_options.hybrid_search")]
    [InlineData("""{"query":"a","ranking_options":{"hybrid_search":{"embedding_weight":1}}}""", "ranking_options.hybrid_search")]
    [InlineData("""{"query":"a","filters":{"type":"like","key":"a","value":1}}""", "filters.type")]
    [InlineData("""{"query":"a","filters":{"type":"or","filters":[]}}""", "filters.filters")]
    [InlineData("""{"query":"a","page":"x"}""", "page")]
    public async Task What_cannot_be_searched_is_refused_by_its_name(string body, string param)
    {
        var reply = await Api.SearchAsync(Store, body, Ct);

        (reply.Status, reply.Param).ShouldBe((400, param), reply.Text);
    }

    [Fact]
    public async Task Pages_show_every_result_once_and_in_the_order_of_one_long_page()
    {
        var all = (await Api.SearchAsync(Store, new { query = "town" }, Ct)).Ok;
        all.GetProperty("has_more").GetBoolean().ShouldBeFalse();
        all.GetProperty("next_page").ValueKind.ShouldBe(JsonValueKind.Null);

        var names = new List<string>();
        string? next = null;
        do
        {
            var page = (await Api.SearchAsync(Store, new { query = "town", max_num_results = 1, page = next }, Ct)).Ok;
            names.AddRange(page.Names());
            next = page.GetProperty("next_page").GetString();
            page.GetProperty("has_more").GetBoolean().ShouldBe(next is not null);
        }
        while (next is not null);

        names.ShouldBe(all.Names());
        names.Count.ShouldBe(4);
    }

    [Fact]
    public async Task A_page_of_another_search_is_refused()
    {
        var next = (await Api.SearchAsync(Store, new { query = "town", max_num_results = 1 }, Ct)).Ok.GetProperty("next_page").GetString();

        var reply = await Api.SearchAsync(Store, new { query = "village", max_num_results = 1, page = next }, Ct);
        (reply.Status, reply.Param).ShouldBe((400, "page"));
    }

    [Fact]
    public async Task What_is_below_the_threshold_is_left_out()
    {
        var all = (await Api.SearchAsync(Store, new { query = "Uppsala Sweden" }, Ct)).Ok;
        var best = all.GetProperty("data")[0].GetProperty("score").GetDouble();

        (await Api.SearchAsync(Store, new { query = "Uppsala Sweden", ranking_options = new { score_threshold = best - 0.0001 } }, Ct)).Ok.Names().ShouldBe(["uppsala.txt"]);
        (await Api.SearchAsync(Store, new { query = "Uppsala Sweden", ranking_options = new { score_threshold = 1 } }, Ct)).Ok.Names().ShouldBeEmpty();
    }

    [Fact]
    public async Task Of_several_queries_a_passage_counts_by_the_one_it_answers_best()
    {
        var page = (await Api.SearchAsync(Store, new { query = new[] { "Heidelberg Germany", "Coimbra Portugal" }, explain = true }, Ct)).Ok;

        page.GetProperty("search_query").GetArrayLength().ShouldBe(2);
        page.Names().Take(2).ShouldBe(["heidelberg.txt", "coimbra.txt"], ignoreOrder: true);
        foreach (var result in page.GetProperty("data").EnumerateArray().Take(2))
        {
            var why = result.GetProperty("explanation");
            why.GetProperty("query").GetString()!.ShouldContain(result.GetProperty("filename").GetString()![..5], Case.Insensitive);
            why.GetProperty("embedding_rank").GetInt32().ShouldBe(1);
            why.GetProperty("similarity").GetDouble().ShouldBeGreaterThan(0.3);
        }
    }

    [Fact]
    public async Task Nobody_else_finds_it()
    {
        using var tenant = await Platform.CreateTenantAsync(Ct);
        var own = await tenant.Api.CreateStoreAsync(Ct);
        await tenant.Api.AddAsync(own, "own.txt", "Uppsala is far away.", Ct);

        var reply = await tenant.Api.SearchAsync(Store, new { query = "Uppsala" }, Ct);
        (reply.Status, reply.Code).ShouldBe((404, "not_found"));
        (await Api.SearchAsync(own, new { query = "Uppsala" }, Ct)).Status.ShouldBe(404);
        (await tenant.Api.SearchAsync(own, new { query = "Uppsala" }, Ct)).Ok.Names().ShouldBe(["own.txt"]);
        (await Api.SearchAsync(Store, new { query = "Uppsala" }, Ct)).Ok.Names().ShouldNotContain("own.txt");
    }

    [Fact]
    public async Task A_store_that_was_deleted_or_never_was_is_not_found()
    {
        var store = await Api.CreateStoreAsync(Ct);
        (await Api.SearchAsync(store, new { query = "anything" }, Ct)).Ok.Names().ShouldBeEmpty();
        await Api.DeleteAsync($"v1/vector_stores/{store}", Ct);

        (await Api.SearchAsync(store, new { query = "anything" }, Ct)).Status.ShouldBe(404);
        (await Api.SearchAsync("vs_nothing", new { query = "anything" }, Ct)).Status.ShouldBe(404);
    }
}
