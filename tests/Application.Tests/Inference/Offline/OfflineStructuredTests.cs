using System.Text.Json;
using AiPlatform.Application.Inference.Contracts;
using AiPlatform.Domain.Common;
using AiPlatform.Infrastructure.ModelProviders.Offline;

namespace AiPlatform.Application.Tests.Inference.Offline;

public sealed class OfflineStructuredTests
{
    private static readonly ChatCompletionRequest Question = Offline.Request(("user", "Paris is the capital of France. What is the capital of France?"));

    [Fact]
    public async Task It_answers_with_a_json_object_when_asked_to() =>
        Offline.TextOf(await Offline.StreamAsync(Question with { ResponseFormat = new() { Type = "json_object" } })).ShouldBe("""{"answer":"Paris is the capital of France."}""");

    [Fact]
    public async Task It_answers_with_json_of_the_given_schema()
    {
        var format = JsonElement.Parse("""
            {"name":"fact","strict":true,"schema":{"type":"object","additionalProperties":false,"required":["found","sentence","tags","kind"],
             "properties":{"found":{"type":"boolean"},"sentence":{"type":"string"},"tags":{"type":"array","items":{"type":"string"}},"kind":{"enum":["person","capital"]}}}}
            """);

        var answer = Offline.TextOf(await Offline.StreamAsync(Question with { ResponseFormat = new() { Type = "json_schema", JsonSchema = format } }));

        answer.ShouldBe("""{"found":false,"sentence":"Paris is the capital of France.","tags":[],"kind":"capital"}""");
    }

    [Theory]
    [InlineData("""{"type":"string"}""", "\"text\"")]
    [InlineData("""{"type":["null","string"]}""", "\"text\"")]
    [InlineData("""{"type":"string","maxLength":2}""", "\"te\"")]
    [InlineData("""{"type":"string","minLength":6}""", "\"text..\"")]
    [InlineData("""{"type":"string","format":"date"}""", "\"1970-01-01\"")]
    [InlineData("""{"const":{"a":1}}""", """{"a":1}""")]
    [InlineData("""{"enum":[3,2]}""", "3")]
    [InlineData("""{"type":"null"}""", "null")]
    [InlineData("""{"type":"integer","minimum":1.5}""", "2")]
    [InlineData("""{"type":"integer","exclusiveMaximum":-4}""", "-5")]
    [InlineData("""{"type":"number","multipleOf":0.5,"minimum":0.7}""", "1.0")]
    [InlineData("""{"type":"number","exclusiveMinimum":0,"maximum":1}""", "0.5")]
    [InlineData("""{"type":"array","items":{"type":"integer"},"minItems":2}""", "[0,0]")]
    [InlineData("""{"type":"array","items":{"type":"string"}}""", """["text"]""")]
    [InlineData("""{"anyOf":[{"type":"null"},{"type":"string"}]}""", "\"text\"")]
    [InlineData("""{"properties":{"n":{"type":"integer"},"note":{"type":"string"}}}""", """{"note":"text"}""")]
    [InlineData("""{"type":"object","properties":{"a":{"$ref":"#/$defs/b"}},"required":["a"],"$defs":{"b":{"type":"object","properties":{"c":{"type":"string"}},"required":["c"]}}}""", """{"a":{"c":"text"}}""")]
    [InlineData("""{"allOf":[{"$ref":"#/definitions/x"}],"definitions":{"x":{"type":"boolean"}}}""", "false")]
    [InlineData("""{"$ref":"#/nowhere"}""", "\"text\"")]
    [InlineData("""{"$ref":"#"}""", "\"text\"")]
    [InlineData("""{}""", "\"text\"")]
    public void It_fills_a_schema_with_the_simplest_value(string schema, string expected) => SchemaFiller.Fill(JsonElement.Parse(schema), "text").ShouldBe(expected);

    [Fact]
    public void It_ends_a_schema_that_refers_to_itself()
    {
        var schema = JsonElement.Parse("""
            {"$ref":"#/$defs/node","$defs":{"node":{"type":"object","required":["name","next","children"],"properties":{
              "name":{"type":"string"},"next":{"anyOf":[{"$ref":"#/$defs/node"},{"type":"null"}]},"children":{"type":"array","items":{"$ref":"#/$defs/node"}}}}}}
            """);

        var json = JsonElement.Parse(SchemaFiller.Fill(schema, "text"));

        json.GetProperty("name").GetString().ShouldBe("text");
        var node = json;
        while (node.GetProperty("next").ValueKind == JsonValueKind.Object) node = node.GetProperty("next");
        node.GetProperty("next").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public void It_ends_a_schema_that_never_ends_by_itself() =>
        SchemaFiller.Fill(JsonElement.Parse("""{"type":"object","properties":{"self":{"$ref":"#"},"also":{"$ref":"#"}},"required":["self"]}"""), "text").Length.ShouldBeLessThan(1000);

    [Theory]
    [InlineData("\"auto\"")]
    [InlineData("\"none\"")]
    public async Task It_calls_no_tool_by_itself(string choice)
    {
        var deltas = await Offline.StreamAsync(Question with { Tools = [Tool("lookup", "Looks up a capital")], ToolChoice = JsonElement.Parse(choice) });

        deltas.OfType<ModelDelta.ToolCall>().ShouldBeEmpty();
        Offline.TextOf(deltas).ShouldBe("Paris is the capital of France.");
    }

    [Theory]
    [InlineData("\"required\"")]
    [InlineData("""{"type":"function","function":{"name":"capital_of"}}""")]
    [InlineData("""{"type":"allowed_tools","allowed_tools":{"mode":"required","tools":[{"type":"function","function":{"name":"capital_of"}}]}}""")]
    public async Task It_calls_the_tool_that_the_client_insists_on(string choice)
    {
        var request = Question with { Tools = [Tool("weather", "Tells the weather"), Tool("capital_of", "Tells the capital of a country")], ToolChoice = JsonElement.Parse(choice) };

        var completion = (await Offline.CompleteAsync(request)).GetProperty("choices")[0];

        completion.GetProperty("finish_reason").GetString().ShouldBe("tool_calls");
        completion.GetProperty("message").GetProperty("content").ValueKind.ShouldBe(JsonValueKind.Null);
        var call = completion.GetProperty("message").GetProperty("tool_calls")[0];
        call.GetProperty("id").GetString()!.ShouldStartWith("call_");
        call.GetProperty("function").GetProperty("name").GetString().ShouldBe("capital_of");
        call.GetProperty("function").GetProperty("arguments").GetString().ShouldBe("""{"query":"What is the capital of France?","limit":1}""");
    }

    [Theory]
    [InlineData("""{"type":"function","function":{"name":"missing"}}""")]
    [InlineData("""{"type":"custom","custom":{"name":"lookup"}}""")]
    public async Task It_refuses_a_call_it_cannot_make(string choice)
    {
        var refusal = await Should.ThrowAsync<InvalidRequest>(() => Offline.StreamAsync(Question with { Tools = [Tool("lookup", "")], ToolChoice = JsonElement.Parse(choice) }));

        refusal.Param.ShouldBe("tool_choice");
    }

    private static ChatTool Tool(string name, string description) => new()
    {
        Function = new ChatFunction
        {
            Name = name,
            Description = description,
            Parameters = JsonElement.Parse("""{"type":"object","properties":{"query":{"type":"string"},"limit":{"type":"integer","minimum":1}},"required":["query","limit"]}"""),
        },
    };
}
