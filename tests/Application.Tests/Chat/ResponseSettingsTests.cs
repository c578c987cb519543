using System.Text.Json;
using AiPlatform.Application.Chat.Responses;
using AiPlatform.Application.Chat.Wire;
using AiPlatform.Domain.Chat;
using AiPlatform.Domain.Common;
using AiPlatform.Domain.Identity;

namespace AiPlatform.Application.Tests.Chat;

public sealed class ResponseSettingsTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly ConversationId Conversation = Ids.New<ConversationId>(Now);
    private static readonly ResponseId Previous = Ids.New<ResponseId>(Now);

    [Fact]
    public void Defaults_are_filled_in_as_the_api_fills_them() => Echo("{}").ShouldBeJson("""
        {"background":false,"conversation":null,"instructions":null,"max_output_tokens":null,"max_tool_calls":null,"metadata":{},"model":"m","parallel_tool_calls":true,
         "previous_response_id":null,"prompt_cache_key":null,"reasoning":{"effort":null,"summary":null},"safety_identifier":null,"service_tier":"auto","store":true,"temperature":1,
         "text":{"format":{"type":"text"},"verbosity":"medium"},"tool_choice":"auto","tools":[],"top_logprobs":0,"top_p":1,"truncation":"disabled"}
        """);

    [Fact]
    public void What_was_asked_is_echoed() => Echo("""
        {"model":"alias","instructions":"Be \"brief\" 🌏","max_output_tokens":100,"max_tool_calls":3,"metadata":{"a":"b"},"parallel_tool_calls":false,"prompt_cache_key":"k",
         "reasoning":{"effort":"low","summary":"auto"},"safety_identifier":"s","service_tier":"flex","store":false,"temperature":0.5,
         "text":{"format":{"type":"json_object"},"verbosity":"low"},"tool_choice":{"type":"function","name":"f"},"tools":[{"type":"function","name":"f","ours":1}],
         "top_logprobs":2,"top_p":0.5,"truncation":"auto","user":"u"}
        """, store: false, conversation: Conversation, previous: Previous, truncated: 2).ShouldBeJson($$$"""
        {"background":false,"conversation":{"id":"{{{Conversation.ToWire()}}}"},"instructions":"Be \"brief\" 🌏","max_output_tokens":100,"max_tool_calls":3,"metadata":{"a":"b"},"model":"m",
         "parallel_tool_calls":false,"previous_response_id":"{{{Previous.ToWire()}}}","prompt_cache_key":"k","reasoning":{"effort":"low","summary":"auto"},"safety_identifier":"s",
         "service_tier":"flex","store":false,"temperature":0.5,"text":{"format":{"type":"json_object"},"verbosity":"low"},"tool_choice":{"type":"function","name":"f"},
         "tools":[{"type":"function","name":"f","ours":1,"parameters":null,"strict":null}],"top_logprobs":2,"top_p":0.5,"truncation":"auto","truncated_turns":2,"user":"u"}
        """);

    [Theory]
    [InlineData("""{"tool_choice":null,"text":{"format":null},"tools":null,"metadata":null,"reasoning":null}""")]
    [InlineData("""{"text":{}}""")]
    public void Nulls_are_defaults(string request) => JsonElement.DeepEquals(Echo(request), Echo("{}")).ShouldBeTrue();

    private static JsonElement Echo(string request, bool store = true, ConversationId? conversation = null, ResponseId? previous = null, int truncated = 0)
    {
        var response = Response.Start(new ResponseStart(Ids.New<WorkspaceId>(Now), Ids.New<UserId>(Now), null, "m", conversation, previous, store, TimeSpan.FromDays(1)), Now);
        return JsonElement.Parse(ResponseSettings.Of(Json.Read<CreateResponseRequest>(request), response, truncated));
    }
}
