using System.Text.Json;
using AiPlatform.Application.Chat.Responses;
using AiPlatform.Application.Chat.Wire;

namespace AiPlatform.Application.Tests.Chat;

public sealed class ResponseTranslationTests
{
    private const string Tool = """{"type":"function","name":"f","description":"d","parameters":{"type":"object"},"strict":true}""";

    [Fact]
    public void A_plain_request_asks_for_nothing_else() => Translated("{}").ShouldBeJson("{}");

    [Fact]
    public void Wishes_go_by_the_names_of_the_older_api() => Translated("""
        {"temperature":0.5,"top_p":0.9,"max_output_tokens":100,"user":"u","reasoning":{"effort":"low","summary":"auto"},
         "text":{"verbosity":"low"},"service_tier":"flex","safety_identifier":"s","prompt_cache_key":"k","metadata":{"a":"b"},"store":true,"stream":true}
        """).ShouldBeJson("""
        {"temperature":0.5,"top_p":0.9,"max_completion_tokens":100,"user":"u","reasoning_effort":"low",
         "verbosity":"low","service_tier":"flex","safety_identifier":"s","prompt_cache_key":"k"}
        """);

    [Fact]
    public void Tools_are_wrapped() => Translated($$"""{"tools":[{{Tool}},{"type":"function","name":"bare","parameters":null,"strict":null,"description":null}],"parallel_tool_calls":false,"tool_choice":"required"}""").ShouldBeJson("""
        {"tools":[{"type":"function","function":{"name":"f","description":"d","parameters":{"type":"object"},"strict":true}},{"type":"function","function":{"name":"bare"}}],
         "parallel_tool_calls":false,"tool_choice":"required"}
        """);

    [Theory]
    [InlineData("\"none\"", "\"none\"")]
    [InlineData("\"auto\"", "\"auto\"")]
    [InlineData("""{"type":"function","name":"f"}""", """{"type":"function","function":{"name":"f"}}""")]
    [InlineData("""{"type":"allowed_tools","mode":"required","tools":[{"type":"function","name":"f"}]}""", "\"required\"")]
    [InlineData("""{"type":"allowed_tools","tools":[{"type":"function","name":"f"}]}""", "\"auto\"")]
    public void The_choice_of_a_tool_is_put_as_the_older_api_has_it(string choice, string expected) =>
        Translated($$"""{"tools":[{{Tool}}],"tool_choice":{{choice}}}""").GetProperty("tool_choice").ShouldBeJson(expected);

    [Fact]
    public void Without_tools_there_is_no_choice_of_them() =>
        Translated("""{"tools":[],"tool_choice":"auto","parallel_tool_calls":true}""").ShouldBeJson("{}");

    [Fact]
    public void A_null_choice_is_none() => Translated($$"""{"tools":[{{Tool}}],"tool_choice":null}""").TryGetProperty("tool_choice", out _).ShouldBeFalse();

    [Fact]
    public void Tools_that_are_not_allowed_are_not_shown()
    {
        var chat = Translated($$$$$"""{"tools":[{{{{{Tool}}}}},{"type":"function","name":"g"}],"tool_choice":{"type":"allowed_tools","mode":"auto","tools":[{"type":"function","name":"g"}]}}""");
        chat.GetProperty("tools").EnumerateArray().ShouldHaveSingleItem().GetProperty("function").GetProperty("name").GetString().ShouldBe("g");
    }

    [Theory]
    [InlineData("""{"type":"text"}""", null)]
    [InlineData("null", null)]
    [InlineData("""{"type":"json_object"}""", """{"type":"json_object"}""")]
    [InlineData("""{"type":"json_schema","name":"n","schema":{"type":"object"},"strict":true,"description":"d"}""",
        """{"type":"json_schema","json_schema":{"name":"n","schema":{"type":"object"},"strict":true,"description":"d"}}""")]
    public void The_format_of_the_text_is_carried_over(string format, string? expected)
    {
        var chat = Translated($$$"""{"text":{"format":{{{format}}}}}""");
        chat.TryGetProperty("response_format", out var given).ShouldBe(expected is not null);
        if (expected is not null) given.ShouldBeJson(expected);
    }

    [Theory]
    [InlineData("""{"top_logprobs":3}""", """{"logprobs":true,"top_logprobs":3}""")]
    [InlineData("""{"include":["message.output_text.logprobs"]}""", """{"logprobs":true}""")]
    [InlineData("""{"top_logprobs":3,"include":["message.output_text.logprobs"]}""", """{"logprobs":true,"top_logprobs":3}""")]
    [InlineData("""{"top_logprobs":0,"include":["reasoning.encrypted_content"]}""", "{}")]
    public void Log_probabilities_are_asked_for_in_either_way(string request, string expected) => Translated(request).ShouldBeJson(expected);

    /// <summary>The chat request, without what is always there.</summary>
    private static JsonElement Translated(string request)
    {
        var fields = Json.Of(ResponseTranslation.ToChat(Json.Read<CreateResponseRequest>(request), [])).EnumerateObject();
        return JsonSerializer.SerializeToElement(fields.Where(field => field.Name is not ("model" or "messages")).ToDictionary(field => field.Name, field => field.Value));
    }
}
