using System.Text.Json.Nodes;

namespace AiPlatform.Integration.Tests.Conformance;

public sealed class ChatConformanceTests(Platform platform) : ConformanceTest(platform), IClassFixture<Platform>
{
    private const string Weather = ""","tools":[{"type":"function","function":{"name":"get_weather","parameters":{"type":"object","properties":{"city":{"type":"string"}}}}}]""";

    private static readonly Dictionary<string, string> Bodies = new()
    {
        ["text"] = """{"messages":[{"role":"user","content":"Hello"}]}""",
        ["empty text"] = """{"messages":[{"role":"user","content":"[[fake tokens=0]]"}]}""",
        ["usage"] = """{"messages":[{"role":"user","content":"Hello"}],"stream_options":{"include_usage":true}}""",
        ["reasoning"] = """{"messages":[{"role":"user","content":"[[fake reasoning=3 tokens=3]]"}]}""",
        ["refusal"] = """{"messages":[{"role":"user","content":"[[fake refusal=No]]"}]}""",
        ["cut short"] = """{"messages":[{"role":"user","content":"[[fake tokens=50]]"}],"max_completion_tokens":5}""",
        ["filtered"] = """{"messages":[{"role":"user","content":"[[fake tokens=5 filter]]"}]}""",
        ["tools"] = $$$"""{"messages":[{"role":"user","content":"[[fake preamble=2 tool=get_weather args={\"city\":\"Oslo\"} tools=2]]"}] {{{Weather}}} }""",
        ["forced tool"] = $$$"""{"messages":[{"role":"user","content":"Oslo"}]{{{Weather}}},"tool_choice":"required"}""",
        ["tool result"] = $$$"""
            {"messages":[{"role":"user","content":"[[fake tool=get_weather args={}]]"},
            {"role":"assistant","content":null,"tool_calls":[{"id":"call_1","type":"function","function":{"name":"get_weather","arguments":"{}"}}]},
            {"role":"tool","tool_call_id":"call_1","content":"Sunny"}] {{{Weather}}} }
            """,
        ["JSON"] = """{"messages":[{"role":"user","content":"Answer in JSON"}],"response_format":{"type":"json_object"}}""",
        ["several choices with log probabilities"] = """{"messages":[{"role":"user","content":"[[fake tokens=3]]"}],"n":2,"logprobs":true,"top_logprobs":2}""",
    };

    // Only of vendors that speak the API themselves.
    private const string OnlyOpenAi = "several choices with log probabilities";

    public static TheoryData<string, string> Cases
    {
        get
        {
            var data = EachModel(Bodies.Keys.Where(name => name != OnlyOpenAi), Vendors.OpenAi, Vendors.Anthropic, Offline);
            data.Add(Vendors.OpenAi, OnlyOpenAi);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_completion(string model, string name)
    {
        var body = Body(Bodies[name], model);
        body.Remove("stream_options");
        await PostAsync("v1/chat/completions", body, "CreateChatCompletionResponse");
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Every_chunk_of_a_stream(string model, string name)
    {
        var blocks = await Api.StreamAsync("v1/chat/completions", Body(Bodies[name], model, ("stream", true)).ToJsonString(), Ct);

        blocks[^1].Data.ShouldBe("[DONE]");
        blocks.ShouldAllBe(block => block.Event == null);
        foreach (var block in blocks.SkipLast(1)) block.Json.ShouldBe("CreateChatCompletionStreamResponse");
    }

    [Fact]
    public async Task An_error_in_the_middle_of_a_stream()
    {
        var blocks = await Api.StreamAsync("v1/chat/completions", Body("""{"messages":[{"role":"user","content":"[[fake tokens=9 error-event=4]]"}]}""", Vendors.OpenAi, ("stream", true)).ToJsonString(), Ct);

        blocks[^1].Json.ShouldBe("ErrorResponse");
        foreach (var block in blocks.SkipLast(1)) block.Json.ShouldBe("CreateChatCompletionStreamResponse");
    }
}
