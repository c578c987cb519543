using System.Text.Json;
using System.Text.Json.Nodes;
using AiPlatform.Application.Chat.Wire;

namespace AiPlatform.Integration.Tests.Conformance;

public sealed class ResponseConformanceTests(Platform platform) : ConformanceTest(platform), IClassFixture<Platform>
{
    private const string Weather = ""","tools":[{"type":"function","name":"get_weather","parameters":{"type":"object","properties":{"city":{"type":"string"}}}}]""";

    private static readonly Dictionary<string, string> Bodies = new()
    {
        ["text"] = """{"input":"Hello"}""",
        ["all settings"] = """
            {"input":[{"role":"user","content":"Hello"}],"instructions":"Be brief.","metadata":{"a":"b"},"temperature":0.5,"top_p":1,"max_output_tokens":100,"max_tool_calls":3,
            "parallel_tool_calls":false,"reasoning":{"effort":"low","summary":"auto"},"text":{"format":{"type":"text"},"verbosity":"low"},"truncation":"auto","user":"u",
            "safety_identifier":"s","prompt_cache_key":"k","service_tier":"auto","top_logprobs":0,"store":true,"background":false,"include":["reasoning.encrypted_content"]}
            """,
        ["in the background"] = """{"input":"Hello","background":true}""",
        ["not stored"] = """{"input":"Hello","store":false}""",
        ["log probabilities"] = """{"input":"[[fake tokens=3]]","include":["message.output_text.logprobs"],"top_logprobs":2}""",
        ["reasoning"] = """{"input":"[[fake reasoning=3 tokens=3]]"}""",
        ["refusal"] = """{"input":"[[fake refusal=No]]"}""",
        ["cut short"] = """{"input":"[[fake tokens=50]]","max_output_tokens":16}""",
        ["cut short in reasoning"] = """{"input":"[[fake reasoning=50 tokens=5]]","max_output_tokens":16}""",
        ["filtered"] = """{"input":"[[fake tokens=5 filter]]"}""",
        ["function calls"] = $$$"""{"input":"[[fake preamble=2 tool=get_weather args={\"city\":\"Oslo\"} tools=2]]" {{{Weather}}} }""",
        ["forced function"] = $$$"""{"input":"Oslo"{{{Weather}}},"tool_choice":{"type":"function","name":"get_weather"}}""",
        ["allowed functions"] = $$$"""{"input":"Oslo"{{{Weather}}},"tool_choice":{"type":"allowed_tools","mode":"auto","tools":[{"type":"function","name":"get_weather"}]}}""",
        ["function result"] = $$$"""
            {"input":[{"role":"user","content":"[[fake tool=get_weather args={}]]"},{"type":"function_call","call_id":"c","name":"get_weather","arguments":"{}"},
            {"type":"function_call_output","call_id":"c","output":"Sunny"}] {{{Weather}}} }
            """,
        ["JSON schema"] = """{"input":"Describe Oslo","text":{"format":{"type":"json_schema","name":"city","strict":true,"schema":{"type":"object","properties":{"name":{"type":"string"}},"required":["name"],"additionalProperties":false}}}}""",
        ["JSON"] = """{"input":"Answer in JSON","text":{"format":{"type":"json_object"}}}""",
        ["every kind of input"] = """
            {"input":[{"role":"system","content":"Be kind."},{"role":"developer","content":[{"type":"input_text","text":"Be brief."}]},
            {"role":"user","content":[{"type":"input_text","text":"What is this?"},{"type":"input_image","image_url":"data:image/png;base64,iVBORw0KGgo="},
            {"type":"input_image","image_url":"https://example.com/a.png","detail":"high"}]},
            {"role":"assistant","content":"A cat."},{"type":"message","role":"assistant","content":[{"type":"output_text","text":"Or a dog."},{"type":"refusal","refusal":"No more."}]},
            {"type":"reasoning","id":"rs_1","summary":[{"type":"summary_text","text":"It has whiskers."}]},{"role":"user","content":"Sure?"}]}
            """,
    };

    private static readonly string[] OnlyOpenAi = ["log probabilities"];

    public static TheoryData<string, string> Cases
    {
        get
        {
            var data = EachModel(Bodies.Keys.Except(OnlyOpenAi), Vendors.OpenAi, Vendors.Anthropic, Offline);
            foreach (var name in OnlyOpenAi) data.Add(Vendors.OpenAi, name);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_response_and_its_input(string model, string name)
    {
        var response = await PostAsync("v1/responses", Body(Bodies[name], model), "Response");
        if (!response.GetProperty("store").GetBoolean()) return;

        var path = $"v1/responses/{response.GetProperty("id").GetString()}";
        await GetAsync(path, "Response");
        await GetAsync($"{path}/input_items", "ResponseItemList");
        await PostAsync($"{path}/cancel", null, "Response");
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Every_event_of_a_stream(string model, string name)
    {
        var blocks = await Api.StreamAsync("v1/responses", Body(Bodies[name], model, ("stream", true)).ToJsonString(), Ct);

        ShouldBeEvents(blocks);
        foreach (var block in blocks)
            if (block.Json.TryGetProperty("response", out var response)) response.ShouldBe("Response");
    }

    [Theory]
    [InlineData("[[fake status=429 retry-after=1]]")]
    [InlineData("[[fake status=500]]")]
    [InlineData("[[fake status=400]]")]
    public async Task Every_event_of_a_failure_and_the_failed_response(string input)
    {
        var blocks = await Api.StreamAsync("v1/responses", new { model = Vendors.OpenAi, input, stream = true }, Ct);

        ShouldBeEvents(blocks);
        blocks[^1].Event.ShouldBe("response.failed");
        var response = await GetAsync($"v1/responses/{blocks[0].Json.GetProperty("response").GetProperty("id").GetString()}", "Response");
        response.GetProperty("status").GetString().ShouldBe("failed");
    }

    [Theory]
    [InlineData("[[fake tokens=9 error-event=4 times=1]]")]
    [InlineData("[[fake reasoning=4 tokens=9 cut=2 times=1]]")]
    public async Task Every_event_of_an_answer_that_broke_off_and_went_on(string input)
    {
        var blocks = await Api.StreamAsync("v1/responses", new { model = Vendors.OpenAi, input, stream = true }, Ct);

        ShouldBeEvents(blocks);
        blocks[^1].Json.GetProperty("response").ShouldBe("Response").GetProperty("interruptions").GetInt32().ShouldBe(1);
        var id = blocks[0].Json.GetProperty("response").GetProperty("id").GetString();
        await GetAsync($"v1/responses/{id}", "Response");
        using var replay = await Platform.Api.Http.GetAsync(new Uri($"v1/responses/{id}?stream=true", UriKind.Relative), Ct);
        ShouldBeEvents(await Sse.ReadToEndAsync(replay, Ct));
    }

    [Fact]
    public async Task A_response_in_progress_and_a_cancelled_one()
    {
        using var gate = new FakeGate();
        Vendor.Enqueue(FakeScript.Say("one two three") with { Gate = gate });
        using var answer = await Api.OpenAsync("v1/responses", new { model = Vendors.OpenAi, input = "Hello", stream = true }, Ct);
        var blocks = new List<SseBlock>();
        await foreach (var block in Sse.ReadAsync(answer, Ct))
        {
            if (block.Comment is not null) continue;
            blocks.Add(block);
            var path = $"v1/responses/{blocks[0].Json.GetProperty("response").GetProperty("id").GetString()}";
            if (block.Event == "response.created") gate.Release();
            if (block.Event != "response.output_text.delta") continue;
            (await GetAsync(path, "Response")).GetProperty("status").GetString().ShouldBe("in_progress");
            (await PostAsync($"{path}/cancel", null, "Response")).GetProperty("status").GetString().ShouldBe("cancelled");
            (await GetAsync(path, "Response")).GetProperty("status").GetString().ShouldBe("cancelled");
        }

        ShouldBeEvents(blocks);
        blocks[^1].Json.GetProperty("response").GetProperty("status").GetString().ShouldBe("cancelled");
    }

    [Fact]
    public async Task A_response_that_continues_and_one_in_a_conversation()
    {
        var first = await PostAsync("v1/responses", Body("""{"input":"Hello"}""", Vendors.OpenAi), "Response");
        await PostAsync("v1/responses", Body("""{"input":"And?"}""", Vendors.OpenAi, ("previous_response_id", first.GetProperty("id").GetString())), "Response");
        var conversation = (await PostAsync("v1/conversations", new JsonObject(), "ConversationResource")).GetProperty("id").GetString();
        await PostAsync("v1/responses", Body("""{"input":"Hello"}""", Vendors.OpenAi, ("conversation", conversation)), "Response");
    }

    [Fact]
    public async Task The_count_of_input_tokens() => await PostAsync("v1/responses/input_tokens", Body("""{"input":"Hello"}""", Vendors.OpenAi), "TokenCountsResource");

    [Fact]
    public void The_error_event() =>
        JsonElement.Parse(ResponseEventJson.Error("server_error", "It failed.", param: null, sequence: 7).Json.Span).ShouldBe("ResponseStreamEvent").ShouldBe("ResponseErrorEvent");

    private static void ShouldBeEvents(List<SseBlock> blocks)
    {
        foreach (var block in blocks)
        {
            block.Json.ShouldBe("ResponseStreamEvent");
            block.Event.ShouldBe(block.Json.GetProperty("type").GetString());
        }
    }
}
