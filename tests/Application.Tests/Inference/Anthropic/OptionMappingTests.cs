using System.Text.Json;
using AiPlatform.Infrastructure.ModelProviders.Anthropic;

namespace AiPlatform.Application.Tests.Inference.Anthropic;

public sealed class OptionMappingTests
{
    private const string Tool = """{"type":"function","function":{"name":"f","description":"d","parameters":{"type":"object","properties":{"a":{"type":"string"}}}}}""";

    [Fact]
    public void The_plain_request_carries_nothing_but_what_it_must() =>
        Calls.With("\"store\":true").ShouldBe("""{"model":"claude-sonnet-4-5","max_tokens":8192,"messages":[{"role":"user","content":[{"type":"text","text":"Hi"}]}]}""");

    [Fact]
    public void Streaming_is_asked_for_in_the_request() =>
        JsonElement.Parse(RequestMapper.Map(Calls.Saying("x"), stream: true).ToJson()).GetProperty("stream").GetBoolean().ShouldBeTrue();

    [Theory]
    [InlineData("\"max_completion_tokens\":5,\"max_tokens\":7", null, 5)]
    [InlineData("\"max_tokens\":7", 100, 7)]
    [InlineData("\"n\":1", 100, 100)]
    [InlineData("\"n\":1", null, 8192)]
    public void The_limit_is_the_callers_or_the_models_or_a_sane_one(string more, int? maxOutput, int expected) =>
        Calls.With(more, maxOutput: maxOutput).GetProperty("max_tokens").GetInt32().ShouldBe(expected);

    [Fact]
    public void Sampling_goes_to_the_models_that_take_it()
    {
        Calls.With("\"temperature\":1.7").GetProperty("temperature").GetDouble().ShouldBe(1);
        Calls.With("\"top_p\":0.5").GetProperty("top_p").GetDouble().ShouldBe(0.5);
        Calls.With("\"temperature\":0.3,\"top_p\":0.5").Field("top_p").ShouldBeNull();
        Calls.With("\"temperature\":0.3", "claude-opus-4-7").Field("temperature").ShouldBeNull();
        Calls.With("\"temperature\":0.3,\"reasoning_effort\":\"high\"").Field("temperature").ShouldBeNull();
    }

    [Fact]
    public void Stop_and_user_are_carried_over()
    {
        Calls.With("\"stop\":\"END\"").GetProperty("stop_sequences").ShouldBe("""["END"]""");
        Calls.With("\"stop\":[\"a\",\"b\"]").GetProperty("stop_sequences").ShouldBe("""["a","b"]""");
        Calls.With("\"stop\":null").Field("stop_sequences").ShouldBeNull();
        Calls.With("\"user\":\"u-1\"").GetProperty("metadata").ShouldBe("""{"user_id":"u-1"}""");
    }

    [Fact]
    public void Tools_are_carried_over_with_a_schema_in_any_case()
    {
        var body = Calls.With($$$$$"""
            "tools":[{{{{{Tool}}}}},{"type":"function","function":{"name":"bare"}},{"type":"function","function":{"name":"untyped","strict":true,"parameters":{"properties":{}}}}]
            """);

        body.GetProperty("tools").ShouldBe("""
            [{"name":"f","description":"d","input_schema":{"type":"object","properties":{"a":{"type":"string"}}}},
             {"name":"bare","input_schema":{"type":"object","properties":{}}},
             {"name":"untyped","strict":true,"input_schema":{"properties":{},"type":"object"}}]
            """);
        body.Field("tool_choice").ShouldBeNull();
    }

    [Theory]
    [InlineData("\"tool_choice\":\"auto\"", """{"type":"auto"}""")]
    [InlineData("\"tool_choice\":\"none\"", """{"type":"none"}""")]
    [InlineData("\"tool_choice\":\"none\",\"parallel_tool_calls\":false", """{"type":"none"}""")]
    [InlineData("\"tool_choice\":\"required\"", """{"type":"any"}""")]
    [InlineData("\"tool_choice\":{\"type\":\"function\",\"function\":{\"name\":\"f\"}}", """{"type":"tool","name":"f"}""")]
    [InlineData("\"parallel_tool_calls\":false", """{"type":"auto","disable_parallel_tool_use":true}""")]
    [InlineData("\"tool_choice\":\"required\",\"parallel_tool_calls\":false", """{"type":"any","disable_parallel_tool_use":true}""")]
    public void The_choice_of_tools_is_carried_over(string choice, string expected) =>
        Calls.With($"\"tools\":[{Tool}],{choice}").GetProperty("tool_choice").ShouldBe(expected);

    [Fact]
    public void Without_tools_there_is_no_choice() => Calls.With("\"tool_choice\":\"auto\",\"parallel_tool_calls\":false").Field("tool_choice").ShouldBeNull();

    [Fact]
    public void Tools_of_the_history_are_defined_though_not_offered()
    {
        var body = Calls.Messages("""
            [{"role":"user","content":"x"},{"role":"assistant","tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"c","content":"y"}]
            """);

        body.GetProperty("tools").ShouldBe("""[{"name":"f","input_schema":{"type":"object","properties":{}}}]""");
        body.GetProperty("tool_choice").ShouldBe("""{"type":"none"}""");
    }

    [Fact]
    public void A_strict_schema_uses_structured_outputs_where_the_model_has_them()
    {
        const string Format = """
            "response_format":{"type":"json_schema","json_schema":{"name":"x","strict":true,"schema":{"type":"object","properties":{},"additionalProperties":false}}}
            """;

        Calls.With(Format).GetProperty("output_config").ShouldBe("""{"format":{"type":"json_schema","schema":{"type":"object","properties":{},"additionalProperties":false}}}""");
        Calls.With(Format).Field("system").ShouldBeNull();
        Calls.With(Format, "claude-3-5-sonnet-20241022").Field("output_config").ShouldBeNull();
        Calls.With(Format, "claude-3-5-sonnet-20241022").GetProperty("system").GetString()!.ShouldContain("additionalProperties");
    }

    [Fact]
    public void Other_json_formats_become_an_instruction()
    {
        Calls.With("""  "response_format":{"type":"json_schema","json_schema":{"name":"x","schema":{"type":"array"}}}  """).GetProperty("system").GetString()!.ShouldContain("""{"type":"array"}""");
        Calls.With("""  "response_format":{"type":"json_object"}  """).GetProperty("system").GetString()!.ShouldContain("JSON object");
        Calls.With("""  "response_format":{"type":"text"}  """).Field("system").ShouldBeNull();
    }

    [Theory]
    [InlineData("\"n\":2", "n")]
    [InlineData("\"logprobs\":true", "logprobs")]
    [InlineData("\"top_logprobs\":3", "top_logprobs")]
    [InlineData("\"frequency_penalty\":0.5", "frequency_penalty")]
    [InlineData("\"presence_penalty\":-1", "presence_penalty")]
    [InlineData("\"seed\":7", "seed")]
    [InlineData("\"logit_bias\":{\"5\":1}", "logit_bias")]
    [InlineData("\"functions\":[]", "functions")]
    [InlineData("\"function_call\":\"auto\"", "function_call")]
    [InlineData("\"web_search_options\":{}", "web_search_options")]
    [InlineData("\"prediction\":{\"type\":\"content\"}", "prediction")]
    [InlineData("\"modalities\":[\"text\",\"audio\"]", "modalities")]
    [InlineData("\"audio\":{\"voice\":\"a\"}", "audio")]
    [InlineData("\"stop\":\"\\n\"", "stop")]
    [InlineData("\"tools\":[{\"type\":\"custom\",\"custom\":{\"name\":\"c\"}}]", "tools[0]")]
    [InlineData("\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}],\"tool_choice\":{\"type\":\"allowed_tools\"}", "tool_choice")]
    [InlineData("\"response_format\":{\"type\":\"grammar\"}", "response_format.type")]
    public void What_the_vendor_cannot_do_is_refused_by_name(string more, string param)
    {
        var refusal = Calls.Refusal(more);

        refusal.Code.ShouldBe("unsupported_parameter");
        refusal.Param.ShouldBe(param);
    }

    [Theory]
    [InlineData("\"stop\":5", "stop")]
    [InlineData("\"reasoning_effort\":\"heroic\"", "reasoning_effort")]
    [InlineData("\"response_format\":{\"type\":\"json_schema\"}", "response_format.json_schema.schema")]
    [InlineData("\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":[]}}]", "tools[0].function.parameters")]
    public void What_is_malformed_is_refused_by_name(string more, string param) => Calls.Refusal(more).Param.ShouldBe(param);

    [Fact]
    public void What_makes_no_difference_is_passed_over() =>
        Calls.With("""
            "n":1,"logprobs":false,"frequency_penalty":0,"presence_penalty":0.0,"seed":0,"logit_bias":{},"prediction":null,"modalities":["text"],"service_tier":"auto","unheard_of":{"a":1}
            """).EnumerateObject().Select(field => field.Name).ShouldBe(["model", "max_tokens", "messages"], ignoreOrder: true);
}
