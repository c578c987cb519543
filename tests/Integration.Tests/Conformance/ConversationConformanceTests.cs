using System.Text.Json.Nodes;

namespace AiPlatform.Integration.Tests.Conformance;

public sealed class ConversationConformanceTests(Platform platform) : ConformanceTest(platform), IClassFixture<Platform>
{
    private const string EveryKindOfItem = """
        {"items":[{"type":"message","role":"user","content":"Hello"},{"role":"system","content":"Be kind."},{"role":"developer","content":"Be brief."},
        {"role":"user","content":[{"type":"input_text","text":"Look"},{"type":"input_image","image_url":"data:image/png;base64,iVBORw0KGgo="},
        {"type":"input_file","filename":"a.pdf","file_data":"data:application/pdf;base64,JVBERg=="}]},
        {"role":"assistant","content":[{"type":"output_text","text":"A cat."},{"type":"refusal","refusal":"No more."}]},
        {"type":"reasoning","id":"rs_1","summary":[],"content":[{"type":"reasoning_text","text":"Whiskers."}]},
        {"type":"function_call","call_id":"c","name":"look","arguments":"{}"},{"type":"function_call_output","call_id":"c","output":"A dog."},
        {"type":"function_call","call_id":"d","name":"look","arguments":"{}"},{"type":"function_call_output","call_id":"d","output":[{"type":"input_text","text":"A dog."}]}]}
        """;

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"metadata":{"a":"b"}}""")]
    [InlineData("""{"metadata":null,"items":null}""")]
    public async Task A_conversation(string body)
    {
        var path = $"v1/conversations/{(await PostAsync("v1/conversations", JsonNode.Parse(body), "ConversationResource")).GetProperty("id").GetString()}";

        await GetAsync(path, "ConversationResource");
        await PostAsync(path, JsonNode.Parse("""{"metadata":{"c":"d"}}"""), "ConversationResource");
        (await Api.DeleteAsync(path, Ct)).Ok.ShouldBe("DeletedConversationResource");
    }

    [Fact]
    public async Task Every_kind_of_item()
    {
        var path = $"v1/conversations/{(await PostAsync("v1/conversations", new JsonObject(), "ConversationResource")).GetProperty("id").GetString()}/items";

        var added = await PostAsync(path, JsonNode.Parse(EveryKindOfItem), "ConversationItemList");
        await GetAsync($"{path}?limit=100", "ConversationItemList");
        await GetAsync($"{path}?limit=2&order=asc", "ConversationItemList");
        foreach (var item in added.GetProperty("data").EnumerateArray())
        {
            await GetAsync($"{path}/{item.GetProperty("id").GetString()}", "ConversationItem");
            (await Api.DeleteAsync($"{path}/{item.GetProperty("id").GetString()}", Ct)).Ok.ShouldBe("ConversationResource");
        }
    }

    [Theory]
    [InlineData("[[fake reasoning=3 tokens=3]]")]
    [InlineData("[[fake refusal=No]]")]
    [InlineData("[[fake tool=look args={}]]")]
    [InlineData("[[fake tokens=50]]")]
    public async Task Items_that_a_response_left(string input)
    {
        var conversation = (await PostAsync("v1/conversations", new JsonObject(), "ConversationResource")).GetProperty("id").GetString();
        var body = Body("""{"tools":[{"type":"function","name":"look"}],"max_output_tokens":16}""", Vendors.OpenAi, ("input", input), ("conversation", conversation));
        await PostAsync("v1/responses", body, "Response");

        (await GetAsync($"v1/conversations/{conversation}/items", "ConversationItemList")).GetProperty("data").GetArrayLength().ShouldBeGreaterThan(1);
    }
}
