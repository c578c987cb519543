using AiPlatform.Application.Chat.Completions;
using AiPlatform.Application.Chat.Responses;
using AiPlatform.Application.Chat.Wire;
using AiPlatform.Application.Inference.Contracts;
using FluentValidation;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.Application.Tests.Chat;

/// <summary>The validators as the pipeline finds them, and the parameters they name.</summary>
public sealed class ValidationTests : IDisposable
{
    private const string Chat = "\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]";
    private readonly ServiceProvider _services = new ServiceCollection().AddApplication().BuildServiceProvider();

    public void Dispose() => _services.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData(""","n":2,"temperature":2,"top_p":0,"frequency_penalty":-2,"presence_penalty":2,"max_tokens":1,"max_completion_tokens":1,"logprobs":true,"top_logprobs":20""")]
    [InlineData(""","stop":null,"metadata":{"a":"b"},"stream":true,"stream_options":{"include_usage":true}""")]
    [InlineData(""","stop":"x","unknown_to_us":{"a":1}""")]
    [InlineData(""","stop":["a","b","c","d"]""")]
    public void Good_chat_completions_pass(string more) => FailuresOf(new CompleteChat(Json.Read<ChatCompletionRequest>($"{{{Chat}{more}}}"))).ShouldBeEmpty();

    [Theory]
    [InlineData("""[{"role":"assistant","content":null,"tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"c","content":"x"}]""")]
    [InlineData("""[{"role":"developer","content":"x"},{"role":"system","content":"x"},{"role":"user","content":[{"type":"text","text":"x"}]},{"role":"function","name":"f","content":"x"}]""")]
    public void Good_messages_pass(string messages) => FailuresOf(new CompleteChat(Json.Read<ChatCompletionRequest>($$"""{"model":"m","messages":{{messages}}}"""))).ShouldBeEmpty();

    [Theory]
    [InlineData("\"model\":\"\"", "model")]
    [InlineData("\"model\":null", "model")]
    [InlineData("\"messages\":[]", "messages")]
    [InlineData("\"messages\":null", "messages")]
    [InlineData("\"messages\":[null]", "messages[0]")]
    [InlineData("""  "messages":[{"role":"user","content":"x"},{"role":"robot","content":"x"}]""", "messages[1].role")]
    [InlineData("""  "messages":[{"content":"x"}]""", "messages[0].role")]
    [InlineData("""  "messages":[{"role":"user"}]""", "messages[0].content")]
    [InlineData("""  "messages":[{"role":"tool","content":null}]""", "messages[0].content")]
    [InlineData("""  "messages":[{"role":"user","content":7}]""", "messages[0].content")]
    [InlineData("\"n\":0", "n")]
    [InlineData("\"n\":129", "n")]
    [InlineData("\"temperature\":2.1", "temperature")]
    [InlineData("\"temperature\":-0.1", "temperature")]
    [InlineData("\"top_p\":1.1", "top_p")]
    [InlineData("\"frequency_penalty\":-3", "frequency_penalty")]
    [InlineData("\"presence_penalty\":3", "presence_penalty")]
    [InlineData("\"max_tokens\":0", "max_tokens")]
    [InlineData("\"max_completion_tokens\":0", "max_completion_tokens")]
    [InlineData("\"logprobs\":true,\"top_logprobs\":21", "top_logprobs")]
    [InlineData("\"top_logprobs\":1", "top_logprobs")]
    [InlineData("\"stop\":7", "stop")]
    [InlineData("\"stop\":[\"a\",7]", "stop")]
    [InlineData("\"stop\":[\"a\",\"b\",\"c\",\"d\",\"e\"]", "stop")]
    [InlineData("\"stream_options\":{}", "stream_options")]
    [InlineData("\"metadata\":{\"a\":null}", "metadata")]
    [InlineData("\"tools\":[null]", "tools[0]")]
    public void What_is_wrong_with_a_chat_completion_is_named(string wrong, string param)
    {
        var body = Json.Read<ChatCompletionRequest>($"{{{Chat},{wrong}}}");
        FailuresOf(new CompleteChat(body)).ShouldBe([(param, null)]);
        FailuresOf(new StreamChat(body)).ShouldBe([(param, null)]);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"model":"m","input":"x","previous_response_id":"resp_1","conversation":null}""")]
    [InlineData("""{"conversation":"conv_1"}""")]
    [InlineData("""{"conversation":{"id":"conv_1"}}""")]
    [InlineData("""{"max_output_tokens":16,"temperature":0,"top_p":1,"top_logprobs":20,"truncation":"auto","include":["message.output_text.logprobs"]}""")]
    [InlineData("""{"tools":[{"type":"function","name":"f"}],"tool_choice":{"type":"function","name":"f"}}""")]
    [InlineData("""{"tool_choice":{"type":"allowed_tools","mode":"auto","tools":[{"type":"function","name":"f"}]}}""")]
    [InlineData("""{"tool_choice":"none","text":{"format":{"type":"json_schema","name":"n","schema":{}}}}""")]
    [InlineData("""{"text":{"format":null},"prompt":null,"context_management":null,"moderation":null,"background":false,"unknown":1}""")]
    public void Good_responses_pass(string body) => FailuresOf(Create(body)).ShouldBeEmpty();

    [Theory]
    [InlineData("\"max_output_tokens\":15", "max_output_tokens")]
    [InlineData("\"temperature\":3", "temperature")]
    [InlineData("\"top_p\":-1", "top_p")]
    [InlineData("\"top_logprobs\":21", "top_logprobs")]
    [InlineData("\"truncation\":\"some\"", "truncation")]
    [InlineData("\"safety_identifier\":\"12345678901234567890123456789012345678901234567890123456789012345\"", "safety_identifier")]
    [InlineData("\"include\":[\"message.output_text.logprobs\",\"everything\"]", "include[1]")]
    [InlineData("\"previous_response_id\":\"resp_1\",\"conversation\":\"conv_1\"", "previous_response_id", "mutually_exclusive_parameters")]
    [InlineData("\"conversation\":7", "conversation")]
    [InlineData("\"conversation\":{}", "conversation")]
    [InlineData("\"conversation\":{\"id\":7}", "conversation")]
    [InlineData("\"tools\":[{\"type\":\"function\",\"name\":\"f\"},{\"type\":\"web_search\"}]", "tools[1]", "unsupported_value")]
    [InlineData("\"tools\":[{\"type\":\"function\"}]", "tools[0]", "unsupported_value")]
    [InlineData("\"tools\":[{\"type\":\"function\",\"name\":7}]", "tools[0]", "unsupported_value")]
    [InlineData("\"tools\":[7]", "tools[0]", "unsupported_value")]
    [InlineData("\"tool_choice\":\"maybe\"", "tool_choice")]
    [InlineData("\"tool_choice\":7", "tool_choice")]
    [InlineData("\"tool_choice\":{\"type\":\"web_search\"}", "tool_choice")]
    [InlineData("\"tool_choice\":{\"type\":\"function\"}", "tool_choice")]
    [InlineData("\"tool_choice\":{\"type\":\"function\",\"name\":7}", "tool_choice")]
    [InlineData("\"tool_choice\":{\"type\":\"allowed_tools\",\"tools\":7}", "tool_choice")]
    [InlineData("\"tool_choice\":{\"type\":\"allowed_tools\",\"tools\":[7]}", "tool_choice")]
    [InlineData("\"tool_choice\":{\"type\":\"allowed_tools\",\"tools\":[{\"name\":7}]}", "tool_choice")]
    [InlineData("\"tool_choice\":{\"type\":\"allowed_tools\",\"mode\":\"maybe\",\"tools\":[]}", "tool_choice")]
    [InlineData("\"text\":{\"format\":{\"type\":\"yaml\"}}", "text.format")]
    [InlineData("\"text\":{\"format\":\"json_object\"}", "text.format")]
    [InlineData("\"text\":{\"format\":{\"type\":\"json_schema\",\"name\":\"n\"}}", "text.format")]
    [InlineData("\"text\":{\"format\":{\"type\":\"json_schema\",\"schema\":{}}}", "text.format")]
    [InlineData("\"prompt\":{\"id\":\"pmpt_1\"}", "prompt", "unsupported_parameter")]
    [InlineData("\"context_management\":[]", "context_management", "unsupported_parameter")]
    [InlineData("\"moderation\":{}", "moderation", "unsupported_parameter")]
    [InlineData("\"background\":true", "background", "unsupported_parameter")]
    public void What_is_wrong_with_a_response_is_named(string wrong, string param, string? code = null) => FailuresOf(Create($"{{{wrong}}}")).ShouldBe([(param, code)]);

    [Theory]
    [InlineData(16, 64, 512, true)]
    [InlineData(17, 64, 512, false)]
    [InlineData(1, 65, 512, false)]
    [InlineData(1, 64, 513, false)]
    public void Metadata_is_bounded(int pairs, int keyLength, int valueLength, bool good)
    {
        var metadata = Enumerable.Range(0, pairs).ToDictionary(i => $"{i}".PadLeft(keyLength, 'k'), _ => new string('v', valueLength));
        FailuresOf(new CreateResponse(new CreateResponseRequest { Metadata = metadata }, CancellationToken.None)).ShouldBe(good ? [] : [("metadata", null)]);
    }

    private static CreateResponse Create(string body) => new(Json.Read<CreateResponseRequest>(body), CancellationToken.None);

    /// <summary>Parameter and code of each failure. The wire record stands under <c>body</c>, which clients do not see.</summary>
    private List<(string Param, string? Code)> FailuresOf<T>(T request)
    {
        var result = _services.GetRequiredService<IValidator<T>>().Validate(request);
        result.Errors.ShouldAllBe(failure => failure.PropertyName.StartsWith("body.", StringComparison.Ordinal) && failure.ErrorMessage.Length > 10);
        return [.. result.Errors.Select(failure => (failure.PropertyName["body.".Length..], failure.CustomState as string))];
    }
}
