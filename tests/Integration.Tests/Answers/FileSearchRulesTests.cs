using System.Text.Json;

namespace AiPlatform.Integration.Tests.Answers;

/// <summary>What of <c>file_search</c> is refused, and by what name.</summary>
public sealed class FileSearchRulesTests(ShelfPlatform platform) : AnswerTest(platform), IClassFixture<ShelfPlatform>
{
    [Theory]
    [InlineData("""{"type":"file_search"}""", "tools[0].vector_store_ids")]
    [InlineData("""{"type":"file_search","vector_store_ids":[]}""", "tools[0].vector_store_ids")]
    [InlineData("""{"type":"file_search","vector_store_ids":["STORE"],"max_num_results":0}""", "tools[0].max_num_results")]
    [InlineData("""{"type":"file_search","vector_store_ids":["STORE"],"max_num_results":51}""", "tools[0].max_num_results")]
    [InlineData("""{"type":"file_search","vector_store_ids":["STORE"],"filters":{"type":"like","key":"a","value":1}}""", "tools[0].filters.type")]
    [InlineData("""{"type":"file_search","vector_store_ids":["STORE"],"ranking_options":{"ranker":"best"}}""", "tools[0].ranking_options.ranker")]
    [InlineData("""{"type":"file_search","vector_store_ids":["STORE"],"ranking_options":{"score_threshold":2}}""", "tools[0].ranking_options.score_threshold")]
    [InlineData("""{"type":"file_search","vector_store_ids":["STORE"],"ranking_options":{"hybrid_search":{"embedding_weight":0,"text_weight":0}}}""", "tools[0].ranking_options.hybrid_search")]
    [InlineData("""{"type":"file_search","vector_store_ids":["STORE"],"trusted":"yes"}""", "tools[0].trusted")]
    [InlineData("""{"type":"file_search","vector_store_ids":["STORE"]},{"type":"file_search","vector_store_ids":["STORE"]}""", "tools[1]")]
    public async Task What_cannot_be_used_is_named(string tool, string param)
    {
        var body = $$"""{"model":"{{Model}}","input":"Hi","tools":[{{tool.Replace("STORE", Shelf.Store, StringComparison.Ordinal)}}]}""";
        var reply = await Api.PostAsync("v1/responses", body, Ct);

        (reply.Status, reply.Json.GetProperty("error").GetProperty("param").GetString()).ShouldBe((400, param));
    }

    [Theory]
    [InlineData("vs_00000000000000000000000000000001")]
    [InlineData("nonsense")]
    public async Task A_store_that_is_not_there_is_not_found(string id)
    {
        var reply = await Api.PostAsync("v1/responses", new { model = Model, input = "Hi", tools = new[] { new { type = "file_search", vector_store_ids = new[] { id } } } }, Ct);
        (reply.Status, reply.Json.GetProperty("error").GetProperty("param").GetString()).ShouldBe((404, "tools[0].vector_store_ids"));

        reply = await Api.PostAsync("v1/chat/completions", new { model = Model, messages = Vendors.User("Hi"), file_search = new { vector_store_ids = new[] { id } } }, Ct);
        (reply.Status, reply.Json.GetProperty("error").GetProperty("param").GetString()).ShouldBe((404, "file_search.vector_store_ids"));
    }

    [Fact]
    public async Task A_choice_of_a_tool_that_is_not_there_is_refused()
    {
        var reply = await Api.PostAsync("v1/responses", new { model = Model, input = "Hi", tool_choice = new { type = "file_search" } }, Ct);
        (reply.Status, reply.Json.GetProperty("error").GetProperty("param").GetString()).ShouldBe((400, "tool_choice"));
    }

    [Fact]
    public async Task Chat_completions_name_the_field_that_takes_documents()
    {
        var reply = await Api.PostAsync("v1/chat/completions", new { model = Model, messages = Vendors.User("Hi"), tools = new[] { new { type = "file_search" } } }, Ct);
        reply.Status.ShouldBe(400);
        reply.Json.GetProperty("error").GetProperty("message").GetString()!.ShouldContain("'file_search'");
    }

    [Fact]
    public async Task The_tool_is_echoed_with_its_defaults()
    {
        var response = await CreateAsync(Ask("Hello", "offline"));
        var tool = response.GetProperty("tools")[0];
        tool.GetProperty("max_num_results").GetInt32().ShouldBe(10);
        tool.GetProperty("filters").ValueKind.ShouldBe(JsonValueKind.Null);
        tool.GetProperty("ranking_options").GetProperty("ranker").GetString().ShouldBe("auto");
    }
}
