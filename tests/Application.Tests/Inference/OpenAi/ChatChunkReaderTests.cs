using System.Text;
using System.Text.Json;
using AiPlatform.Application.Inference.Contracts;
using AiPlatform.Domain.Usage;
using AiPlatform.Infrastructure.ModelProviders.OpenAi;

namespace AiPlatform.Application.Tests.Inference.OpenAi;

public sealed class ChatChunkReaderTests
{
    [Theory]
    [InlineData("{}")]
    [InlineData("""{"id":"x","object":"chat.completion.chunk","created":1,"model":"m","system_fingerprint":null,"choices":[]}""")]
    [InlineData("""{"choices":null,"usage":null,"error":null}""")]
    [InlineData("""{"choices":[{"index":0,"delta":{"role":"assistant","content":""},"logprobs":null,"finish_reason":null}]}""")]
    [InlineData("""{"choices":[{"index":0,"delta":{"role":"assistant","content":null,"refusal":null,"tool_calls":null}}]}""")]
    [InlineData("""{"choices":[{"index":0,"delta":null}]}""")]
    [InlineData("""{"choices":{"index":0}}""")]
    [InlineData("""{"choices":"none","usage":7}""")]
    [InlineData("""{"prompt_filter_results":[{"a":[{"b":1}]}],"choices":[],"x_unknown":{"choices":[{"delta":{"content":"not this"}}]}}""")]
    public void Chunks_that_say_nothing_bring_nothing(string json) => Read(json).ShouldBeEmpty();

    [Fact]
    public void Text_is_read_as_it_is() => Read("""{"choices":[{"index":0,"delta":{"content":"Gr\u00fc\u00dfe \ud83c\udf0f \"x\" \u0000"}}]}""").ShouldBe([new ModelDelta.Text(0, "Grüße 🌏 \"x\" \0")]);

    [Theory]
    [InlineData("reasoning_content")]
    [InlineData("reasoning")]
    public void Thinking_is_read_under_either_name(string name) =>
        Read($$$$$"""{"choices":[{"index":0,"delta":{"content":"","{{{{{name}}}}}":"Hm"}}]}""").ShouldBe([new ModelDelta.Reasoning(0, "Hm")]);

    [Fact]
    public void Thinking_under_both_names_is_one_thought() =>
        Read("""{"choices":[{"index":0,"delta":{"reasoning":"Hm","reasoning_content":"Hm"}}]}""").ShouldBe([new ModelDelta.Reasoning(0, "Hm")]);

    [Fact]
    public void A_refusal_is_one() => Read("""{"choices":[{"index":0,"delta":{"refusal":"No."}}]}""").ShouldBe([new ModelDelta.Refusal(0, "No.")]);

    [Fact]
    public void The_end_comes_after_the_last_words() =>
        Read("""{"choices":[{"finish_reason":"stop","index":0,"delta":{"content":"."}}]}""").ShouldBe([new ModelDelta.Text(0, "."), new ModelDelta.Finish(0, "stop")]);

    [Fact]
    public void The_index_counts_wherever_it_stands() => Read("""
        {"choices":[
            {"delta":{"content":"a","refusal":"b","reasoning":"c","tool_calls":[{"index":1,"id":"i","type":"function","function":{"name":"f","arguments":""}}]},"finish_reason":"length","index":2},
            {"index":3,"delta":{"content":"d"}}]}
        """).ShouldBe([
            new ModelDelta.Text(2, "a"), new ModelDelta.Refusal(2, "b"), new ModelDelta.Reasoning(2, "c"), new ModelDelta.ToolCall(2, 1, "i", "f", ""), new ModelDelta.Finish(2, "length"),
            new ModelDelta.Text(3, "d")]);

    [Fact]
    public void Calls_are_read_fragment_by_fragment()
    {
        Read("""{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"c1","type":"function","function":{"name":"f","arguments":"{\"a\""}},{"index":1,"id":"c2","function":{"name":"g"}}]}}]}""")
            .ShouldBe([new ModelDelta.ToolCall(0, 0, "c1", "f", "{\"a\""), new ModelDelta.ToolCall(0, 1, "c2", "g", null)]);
        Read("""{"choices":[{"index":0,"delta":{"tool_calls":[{"index":1,"function":{"arguments":":1}"}}]}}]}""").ShouldBe([new ModelDelta.ToolCall(0, 1, null, null, ":1}")]);
        Read("""{"choices":[{"index":0,"delta":{"tool_calls":[{"function":null}]}}]}""").ShouldBe([new ModelDelta.ToolCall(0, 0, null, null, null)]);
    }

    [Fact]
    public void Log_probabilities_go_with_the_text()
    {
        var text = Read("""{"choices":[{"index":0,"delta":{"content":"a"},"logprobs":{"content":[{"token":"a","logprob":-0.5,"bytes":[97],"top_logprobs":[]}],"refusal":null}}]}""")
            .ShouldHaveSingleItem().ShouldBeOfType<ModelDelta.Text>();
        text.Logprobs!.Value.ShouldBeJson("""[{"token":"a","logprob":-0.5,"bytes":[97],"top_logprobs":[]}]""");
        Read("""{"choices":[{"index":0,"logprobs":{"content":null},"delta":{"content":"a"}}]}""").ShouldBe([new ModelDelta.Text(0, "a")]);
    }

    [Fact]
    public void Usage_is_read_with_its_details() => Read("""
        {"choices":[],"usage":{"prompt_tokens":10,"completion_tokens":7,"total_tokens":17,"prompt_tokens_details":{"cached_tokens":4,"cache_write_tokens":2,"audio_tokens":0},
         "completion_tokens_details":{"reasoning_tokens":3,"accepted_prediction_tokens":0},"cost":{"x":[1]}}}
        """).ShouldBe([new ModelDelta.Usage(new TokenUsage(10, 7, CachedInput: 4, CacheWriteInput: 2, Reasoning: 3))]);

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("[1,{\"cached_tokens\":9}]")]
    [InlineData("7")]
    public void Usage_without_readable_details_is_usage_all_the_same(string details) =>
        Read($$$$$"""{"usage":{"prompt_tokens_details":{{{{{details}}}}},"prompt_tokens":10,"completion_tokens":7.5},"choices":[{"delta":{"content":"a"}}]}""")
            .ShouldBe([new ModelDelta.Usage(new TokenUsage(10, 0)), new ModelDelta.Text(0, "a")]);

    [Theory]
    [InlineData("""{"choices":[null,7,[{}],{"delta":{"content":"a"}}]}""")]
    [InlineData("""{"choices":[{"delta":[{"content":"x"}],"index":"0"},{"delta":{"content":"a"}}]}""")]
    [InlineData("""{"choices":[{"logprobs":[{"content":[1]}],"delta":{"content":"a"}}]}""")]
    [InlineData("""{"choices":[{"delta":{"tool_calls":[null,[1]],"content":"a"}}]}""")]
    [InlineData("""{"choices":[{"delta":{"role":["x",{"y":1}],"refusal":{"z":[]},"content":"a"},"finish_reason":{"a":1}}]}""")]
    public void What_has_no_sense_is_passed_over_and_the_rest_is_read(string json) => Read(json).ShouldBe([new ModelDelta.Text(0, "a")]);

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("\"f\"")]
    [InlineData("""[{"name":"x"}]""")]
    public void A_call_whose_function_is_none_is_read_without(string function) =>
        Read($$$$$"""{"choices":[{"delta":{"tool_calls":[{"function":{{{{{function}}}}},"id":"c"}],"content":"a"}}]}""").ShouldBe([new ModelDelta.ToolCall(0, 0, "c", null, null), new ModelDelta.Text(0, "a")]);

    [Theory]
    [InlineData("""{"error":{"message":"Overloaded.","type":"server_error","code":null}}""", UpstreamFailure.ServerError, "upstream_error", "Overloaded.")]
    [InlineData("""{"error":{"message":"Slow down.","code":"rate_limit_exceeded"}}""", UpstreamFailure.RateLimited, "rate_limit_exceeded", "Slow down.")]
    [InlineData("""{"choices":[{"delta":{"content":"a"}}],"error":"out of memory"}""", UpstreamFailure.ServerError, "upstream_error", "out of memory")]
    [InlineData("""{"error":{}}""", UpstreamFailure.ServerError, "upstream_error", "The provider reported an error in mid-answer.")]
    public void An_error_in_a_chunks_place_is_the_vendors_failure(string json, UpstreamFailure kind, string code, string message)
    {
        var failure = Should.Throw<UpstreamFailed>(() => Read(json));
        (failure.Kind, failure.Code, failure.Message).ShouldBe((kind, code, message));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"text\"")]
    [InlineData("<html>")]
    [InlineData("{\"choices\":[{\"delta\":{\"content\":\"a")]
    [InlineData("{\"choices\":[{\"delta\":{\"content\":\"a\"}}]")]
    [InlineData("{'choices':[]}")]
    [InlineData("""{"choices":[{"delta":{"content":"half a character: \ud83c"}}]}""")]
    [InlineData("""{"error":{"message":"\udc00"}}""")]
    public void What_is_no_json_is_a_json_exception(string json) => Should.Throw<JsonException>(() => Read(json));

    [Fact]
    public void Bytes_that_are_no_text_are_a_json_exception() =>
        Should.Throw<JsonException>(() => ChatChunkReader.Read([.. "{\"choices\":[{\"delta\":{\"content\":\""u8, 0xff, 0xfe, .. "\"}}]}"u8]));

    [Fact]
    public void Whatever_comes_it_is_read_or_refused()
    {
        var random = new Random(20260102);
        var outcomes = new int[3];
        for (var i = 0; i < 20_000; i++)
        {
            var json = Encoding.UTF8.GetBytes(RandomJson.Chunk(random));
            if (random.Next(4) == 0) RandomJson.Damage(ref json, random);
            try
            {
                ChatChunkReader.Read(json);
                outcomes[0]++;
            }
            catch (JsonException)
            {
                outcomes[1]++;
            }
            catch (UpstreamFailed)
            {
                outcomes[2]++;
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"Neither read nor refused: {Encoding.UTF8.GetString(json)}", e);
            }
        }

        outcomes.ShouldAllBe(count => count > 100, "each way of ending was tried");
    }

    private static List<ModelDelta> Read(string json) => ChatChunkReader.Read(Encoding.UTF8.GetBytes(json));
}
