using System.Text.Json;

namespace AiPlatform.Integration.Tests.Knowledge.Search;

/// <summary>A platform whose operator has named models for wording questions and for ranking passages.</summary>
public sealed class RankingPlatform : Platform
{
    protected override void Configure(IDictionary<string, string?> settings)
    {
        settings["Knowledge:RewriteModel"] = "fake-chat";
        settings["Knowledge:RerankModel"] = "openai/fake-chat-mini";
    }
}

public sealed class RankingTests(RankingPlatform platform) : PlatformTest(platform), IClassFixture<RankingPlatform>
{
    [Fact]
    public async Task A_model_that_ranks_has_the_last_word_unless_it_is_not_wanted_or_does_not_answer()
    {
        var store = await Api.CreateStoreAsync(Ct);
        await Api.AddAsync(store, "best.txt", "Bears sleep in winter, bears do, in winter. rank=0.1", Ct);
        await Api.AddAsync(store, "other.txt", "In the cold season they rest, says a zoo about its bears. rank=0.8", Ct);
        var question = new { query = "Bears sleep in winter", explain = true };

        var ranked = (await Api.SearchAsync(store, question, Ct)).Ok;
        ranked.Names().ShouldBe(["other.txt", "best.txt"]);
        ranked.GetProperty("data").EnumerateArray().Select(result => result.GetProperty("score").GetDouble()).ShouldBe([0.8, 0.1]);
        ranked.GetProperty("data")[0].GetProperty("explanation").GetProperty("rerank_score").GetDouble().ShouldBe(0.8);
        (await Api.SearchAsync(store, new { query = "Bears sleep in winter", ranking_options = new { score_threshold = 0.5 } }, Ct)).Ok.Names().ShouldBe(["other.txt"]);
        (await Api.SearchAsync(store, new { query = "Bears sleep in winter", ranking_options = new { ranker = "none" } }, Ct)).Ok.Names().ShouldBe(["best.txt", "other.txt"]);

        Vendor.Enqueue(FakeScript.Do("status=500") with { When = request => request.Path.EndsWith("/rerank", StringComparison.Ordinal) });
        var without = (await Api.SearchAsync(store, question, Ct)).Ok;
        without.Names().ShouldBe(["best.txt", "other.txt"]);
        without.GetProperty("warning").GetString()!.ShouldContain("did not answer");
        Platform.Log.Entries.ShouldContain(entry => entry.Everything.Contains("did not rank them", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_question_is_worded_for_search_where_that_is_asked_for()
    {
        var store = await Api.CreateStoreAsync(Ct);
        await Api.AddAsync(store, "sweden.txt", "The capital of Sweden is Stockholm.", Ct);
        Vendor.Enqueue(FakeScript.Say("\"Sweden capital city\"") with { When = IsChat });

        (await Asked(true)).ShouldBe("Sweden capital city");
        (await Asked(false)).ShouldBe("What was that town again, you know, up there?");
        Vendor.Enqueue(FakeScript.Do("status=500") with { When = IsChat });
        (await Asked(true)).ShouldBe("What was that town again, you know, up there?");

        async Task<string> Asked(bool rewrite) =>
            (await Api.SearchAsync(store, new { query = "What was that town again, you know, up there?", rewrite_query = rewrite }, Ct)).Ok.GetProperty("search_query")[0].GetString()!;

        static bool IsChat(RecordedRequest request) => request.Path.EndsWith("/chat/completions", StringComparison.Ordinal);
    }
}
