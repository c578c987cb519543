using Microsoft.Extensions.Logging;

namespace AiPlatform.Integration.Tests.Chat;

/// <summary>Requests that are refused before any vendor sees them.</summary>
public sealed class ChatRulesTests(Platform platform) : PlatformTest(platform), IClassFixture<Platform>
{
    [Theory]
    [InlineData("""{"messages":[{"role":"user","content":"x"}]}""", "model")]
    [InlineData("""{"model":"","messages":[{"role":"user","content":"x"}]}""", "model")]
    [InlineData("""{"model":"fake-chat"}""", "messages")]
    [InlineData("""{"model":"fake-chat","messages":null}""", "messages")]
    [InlineData("""{"model":null,"messages":[{"role":"user","content":"x"}]}""", "model")]
    [InlineData("""{"model":"fake-chat","messages":[]}""", "messages")]
    [InlineData("""{"model":"fake-chat","messages":[null]}""", "messages[0]")]
    [InlineData("""{"model":"fake-chat","messages":[{"role":"robot","content":"x"}]}""", "messages[0].role")]
    [InlineData("""{"model":"fake-chat","messages":[{"role":"user","content":"x"},{"role":"user"}]}""", "messages[1].content")]
    [InlineData("""{"model":"fake-chat","messages":[{"role":"user","content":5}]}""", "messages[0].content")]
    [InlineData("""{"model":"fake-chat","messages":[{"role":"user","content":"x"}],"n":0}""", "n")]
    [InlineData("""{"model":"fake-chat","messages":[{"role":"user","content":"x"}],"temperature":2.1}""", "temperature")]
    [InlineData("""{"model":"fake-chat","messages":[{"role":"user","content":"x"}],"top_p":-0.1}""", "top_p")]
    [InlineData("""{"model":"fake-chat","messages":[{"role":"user","content":"x"}],"max_tokens":0}""", "max_tokens")]
    [InlineData("""{"model":"fake-chat","messages":[{"role":"user","content":"x"}],"max_completion_tokens":-1}""", "max_completion_tokens")]
    [InlineData("""{"model":"fake-chat","messages":[{"role":"user","content":"x"}],"frequency_penalty":3}""", "frequency_penalty")]
    [InlineData("""{"model":"fake-chat","messages":[{"role":"user","content":"x"}],"top_logprobs":3}""", "top_logprobs")]
    [InlineData("""{"model":"fake-chat","messages":[{"role":"user","content":"x"}],"stop":["1","2","3","4","5"]}""", "stop")]
    [InlineData("""{"model":"fake-chat","messages":[{"role":"user","content":"x"}],"stop":7}""", "stop")]
    [InlineData("""{"model":"fake-chat","messages":[{"role":"user","content":"x"}],"stream_options":{"include_usage":true}}""", "stream_options")]
    public async Task A_bad_value_is_a_400_that_names_it(string body, string param)
    {
        var reply = await Api.PostAsync("v1/chat/completions", body, Ct);

        reply.Status.ShouldBe(400, reply.Text);
        reply.Param.ShouldBe(param);
        reply.Error.GetProperty("type").GetString().ShouldBe("invalid_request_error");
        reply.Error.GetProperty("code").GetString().ShouldNotBeNullOrEmpty();
        VendorCalls.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("""{"model":"fake-chat","messages":"x"}""", "messages")]
    [InlineData("""{"model":5,"messages":[{"role":"user","content":"x"}]}""", "model")]
    [InlineData("""{"model":"fake-chat","messages":[{"role":"user","content":"x"}],"temperature":"hot"}""", "temperature")]
    [InlineData("""{"model":"fake-chat","messages":[{"role":3,"content":"x"}]}""", "messages[0].role")]
    [InlineData("""{"model":"fake-chat","messages":[{"role":"user","content":"x"}],"stream":"yes"}""", "stream")]
    public async Task A_value_of_the_wrong_type_is_a_400_that_names_it(string body, string param)
    {
        var reply = await Api.PostAsync("v1/chat/completions", body, Ct);

        reply.Status.ShouldBe(400, reply.Text);
        reply.Code.ShouldBe("invalid_type");
        reply.Param.ShouldBe(param);
    }

    [Theory]
    [InlineData("""[{"role":"assistant","tool_calls":[{}]},{"role":"user","content":"x"}]""")]
    [InlineData("""[{"role":"assistant","tool_calls":[null]},{"role":"user","content":"x"}]""")]
    [InlineData("""[{"role":"assistant","tool_calls":[{"id":"1","type":"function","function":{}}]},{"role":"tool","tool_call_id":"1","content":"y"}]""")]
    [InlineData("""[{"role":"tool","content":"x"}]""")]
    [InlineData("""[{"role":"user","content":[null]}]""")]
    [InlineData("""[{"role":"user","content":[{}]}]""")]
    [InlineData("""[{"role":"user","content":[{"type":"image_url"}]}]""")]
    [InlineData("""[{"role":"user","content":[{"type":"image_url","image_url":{"url":7}}]}]""")]
    [InlineData("""[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:nonsense"}}]}]""")]
    [InlineData("""[{"role":"system","content":"only"}]""")]
    [InlineData("""[{"role":"assistant","content":null}]""")]
    public async Task Odd_messages_never_end_in_an_unexpected_failure(string messages)
    {
        foreach (var model in new[] { Vendors.OpenAi, Vendors.Anthropic, "offline" })
        {
            foreach (var stream in new[] { "false", "true" })
            {
                var reply = await Api.PostAsync("v1/chat/completions", $$"""{"model":"{{model}}","stream":{{stream}},"messages":{{messages}}}""", Ct);
                reply.Status.ShouldBeLessThan(500, $"{model}: {reply.Text}");
            }
        }

        ShouldNotHaveLogged(LogLevel.Error);
    }

    [Theory]
    [InlineData(""" "tools":[{}] """)]
    [InlineData(""" "tools":[null] """)]
    [InlineData(""" "tools":[{"type":"function","function":{}}] """)]
    [InlineData(""" "tools":[{"type":"function","function":{"name":"f","parameters":"x"}}] """)]
    [InlineData(""" "tool_choice":{} """)]
    [InlineData(""" "tool_choice":7 """)]
    [InlineData(""" "response_format":{} """)]
    [InlineData(""" "response_format":{"type":"json_schema"} """)]
    [InlineData(""" "response_format":{"type":"json_schema","json_schema":{"name":"x","schema":7}} """)]
    [InlineData(""" "reasoning_effort":"absurd" """)]
    public async Task Odd_options_never_end_in_an_unexpected_failure(string option)
    {
        foreach (var model in new[] { Vendors.OpenAi, Vendors.Anthropic, "offline" })
        {
            var reply = await Api.PostAsync("v1/chat/completions", $$"""{"model":"{{model}}","messages":[{"role":"user","content":"x"}],{{option}}}""", Ct);
            reply.Status.ShouldBeLessThan(500, $"{model}: {reply.Text}");
        }

        ShouldNotHaveLogged(LogLevel.Error);
    }

    [Fact]
    public async Task What_the_vendor_refuses_comes_back_in_its_words()
    {
        // A tool's result without its call: only the vendor minds.
        var reply = await Api.PostAsync("v1/chat/completions", """{"model":"fake-chat","messages":[{"role":"tool","tool_call_id":"call_1","content":"x"}]}""", Ct);

        reply.Status.ShouldBe(400);
        reply.Param.ShouldBe("messages");
        reply.Error.GetProperty("message").GetString()!.ShouldContain("tool_calls");
    }
}
