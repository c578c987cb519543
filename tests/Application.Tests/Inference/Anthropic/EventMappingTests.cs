using System.Text.Json;
using AiPlatform.Application.Inference.Contracts;
using AiPlatform.Domain.Usage;
using AiPlatform.Infrastructure.ModelProviders.Anthropic;

namespace AiPlatform.Application.Tests.Inference.Anthropic;

public sealed class EventMappingTests
{
    private const string Start = """{"type":"message_start","message":{"id":"msg_1","usage":{"input_tokens":10,"cache_read_input_tokens":5,"cache_creation_input_tokens":3,"output_tokens":1}}}""";
    private const string Stop = """{"type":"message_stop"}""";

    [Fact]
    public void Text_and_thinking_are_told_apart_and_signatures_dropped() =>
        Map(
            Start,
            """{"type":"ping"}""",
            """{"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}""",
            """{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"Hm"}}""",
            """{"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"abc"}}""",
            """{"type":"content_block_stop","index":0}""",
            """{"type":"content_block_start","index":1,"content_block":{"type":"redacted_thinking","data":"abc"}}""",
            """{"type":"content_block_stop","index":1}""",
            """{"type":"content_block_start","index":2,"content_block":{"type":"text","text":""}}""",
            """{"type":"content_block_delta","index":2,"delta":{"type":"text_delta","text":"Hi"}}""",
            """{"type":"content_block_stop","index":2}""",
            """{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":7}}""",
            """{"type":"message_delta","delta":{},"usage":{"output_tokens":9,"output_tokens_details":{"thinking_tokens":4}}}""",
            Stop)
        .ShouldBe([
            new ModelDelta.Reasoning(0, "Hm"), new ModelDelta.Text(0, "Hi"), new ModelDelta.Finish(0, "stop"),
            new ModelDelta.Usage(new TokenUsage(18, 9, CachedInput: 5, CacheWriteInput: 3, Reasoning: 4))]);

    [Fact]
    public void Tool_calls_are_counted_from_zero_and_always_have_arguments() =>
        Map(
            """{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}""",
            """{"type":"content_block_stop","index":0}""",
            """{"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"toolu_1","name":"f","input":{}}}""",
            """{"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":""}}""",
            """{"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"{\"a\":"}}""",
            """{"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"1}"}}""",
            """{"type":"content_block_stop","index":1}""",
            """{"type":"content_block_start","index":2,"content_block":{"type":"tool_use","id":"toolu_2","name":"g","input":{}}}""",
            """{"type":"content_block_stop","index":2}""",
            """{"type":"message_delta","delta":{"stop_reason":"tool_use"}}""",
            Stop)
        .ShouldBe([
            new ModelDelta.ToolCall(0, 0, "toolu_1", "f", null), new ModelDelta.ToolCall(0, 0, null, null, "{\"a\":"), new ModelDelta.ToolCall(0, 0, null, null, "1}"),
            new ModelDelta.ToolCall(0, 1, "toolu_2", "g", null), new ModelDelta.ToolCall(0, 1, null, null, "{}"),
            new ModelDelta.Finish(0, "tool_calls")]);

    [Theory]
    [InlineData("end_turn", "stop")]
    [InlineData("stop_sequence", "stop")]
    [InlineData("pause_turn", "stop")]
    [InlineData("max_tokens", "length")]
    [InlineData("model_context_window_exceeded", "length")]
    [InlineData("tool_use", "tool_calls")]
    [InlineData("refusal", "content_filter")]
    [InlineData("something_new", "stop")]
    public void The_reason_for_the_end_is_translated(string reason, string expected) =>
        Map($$$"""{"type":"message_delta","delta":{"stop_reason":"{{{reason}}}"}}""", Stop).ShouldBe([new ModelDelta.Finish(0, expected)]);

    [Fact]
    public void What_is_unknown_is_passed_over() =>
        Map(
            """{"type":"surprise"}""",
            """{"type":"content_block_start","index":0,"content_block":{"type":"server_tool_use","id":"s","name":"web_search","input":{}}}""",
            """{"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"{}"}}""",
            """{"type":"content_block_delta","index":0,"delta":{"type":"citations_delta","citation":{}}}""",
            """{"type":"content_block_stop","index":0}""",
            """{"type":"content_block_delta","index":9}""",
            Stop)
        .ShouldBe([new ModelDelta.Finish(0, "stop")]);

    [Fact]
    public void A_whole_message_is_mapped_like_its_stream() =>
        new EventMapper().MapMessage(JsonElement.Parse("""
            {"type":"message","id":"msg_1","content":[{"type":"thinking","thinking":"Hm","signature":"x"},{"type":"text","text":"Hi"},
             {"type":"tool_use","id":"t1","name":"f","input":{"a":1}},{"type":"tool_use","id":"t2","name":"g","input":{}}],
             "stop_reason":"tool_use","usage":{"input_tokens":2,"cache_read_input_tokens":null,"output_tokens":3}}
            """))
        .ShouldBe([
            new ModelDelta.Reasoning(0, "Hm"), new ModelDelta.Text(0, "Hi"),
            new ModelDelta.ToolCall(0, 0, "t1", "f", null), new ModelDelta.ToolCall(0, 0, null, null, """{"a":1}"""),
            new ModelDelta.ToolCall(0, 1, "t2", "g", null), new ModelDelta.ToolCall(0, 1, null, null, "{}"),
            new ModelDelta.Finish(0, "tool_calls"), new ModelDelta.Usage(new TokenUsage(2, 3))]);

    private static List<ModelDelta> Map(params string[] events)
    {
        var mapper = new EventMapper();
        var deltas = events.SelectMany(item => mapper.Map(JsonElement.Parse(item))).ToList();
        mapper.Stopped.ShouldBeTrue();
        return deltas;
    }
}
