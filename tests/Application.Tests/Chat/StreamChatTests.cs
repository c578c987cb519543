using System.Text;
using System.Text.Json;
using AiPlatform.Application.Chat.Completions;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Inference.Contracts;
using AiPlatform.Application.Tests.Chat.Answers;
using AiPlatform.Application.Tests.Inference;
using AiPlatform.Domain.Common;
using AiPlatform.Domain.Usage;
using AiPlatform.Testing;

namespace AiPlatform.Application.Tests.Chat;

public sealed class StreamChatTests : IDisposable
{
    private readonly CancellationTokenSource _patience = new(TimeSpan.FromSeconds(60));
    private readonly ScriptedChatModel _model = new();

    public void Dispose() => _patience.Dispose();

    [Fact]
    public async Task Chunks_of_the_vendor_go_out_byte_for_byte_and_done_comes_last()
    {
        _model.Relay("{ \"x\": 1 }"u8.ToArray(), new ModelDelta.Text(0, "a"));
        _model.Relay("{\"choices\":[]}"u8.ToArray());
        _model.End();

        (await ReadAsync("{}")).ShouldBe(["{ \"x\": 1 }", "{\"choices\":[]}", "[DONE]"]);
    }

    [Fact]
    public async Task Other_models_are_put_into_chunks_with_the_role_once_per_choice()
    {
        _model.Say(new ModelDelta.Reasoning(0, "Hm"), new ModelDelta.Text(0, "Hi \"🌏\""));
        _model.Say(new ModelDelta.ToolCall(1, 0, "c", "f", null), new ModelDelta.ToolCall(1, 0, null, null, "{}"), new ModelDelta.Refusal(0, "No"));
        _model.Say(new ModelDelta.Finish(0, "stop"), new ModelDelta.Finish(1, "tool_calls"));
        _model.End();

        var chunks = (await ReadAsync("{}"))[..^1].ConvertAll(json => JsonElement.Parse(json));

        chunks.ShouldAllBe(chunk => chunk.GetProperty("object").GetString() == "chat.completion.chunk" && chunk.GetProperty("model").GetString() == "m");
        chunks.Select(chunk => chunk.GetProperty("id").GetString()).Distinct().ShouldHaveSingleItem()!.ShouldStartWith("chatcmpl-");
        JsonSerializer.SerializeToElement(chunks.Select(chunk => chunk.GetProperty("choices")[0])).ShouldBeJson("""
            [{"index":0,"delta":{"role":"assistant","reasoning_content":"Hm"},"logprobs":null,"finish_reason":null},
             {"index":0,"delta":{"content":"Hi \"🌏\""},"logprobs":null,"finish_reason":null},
             {"index":1,"delta":{"role":"assistant","tool_calls":[{"index":0,"id":"c","type":"function","function":{"name":"f","arguments":""}}]},"logprobs":null,"finish_reason":null},
             {"index":1,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{}"}}]},"logprobs":null,"finish_reason":null},
             {"index":0,"delta":{"refusal":"No"},"logprobs":null,"finish_reason":null},
             {"index":0,"delta":{},"logprobs":null,"finish_reason":"stop"},
             {"index":1,"delta":{},"logprobs":null,"finish_reason":"tool_calls"}]
            """);
    }

    [Fact]
    public async Task Usage_is_kept_back_from_who_did_not_ask()
    {
        _model.Relay("{\"usage\":{}}"u8.ToArray(), new ModelDelta.Usage(new TokenUsage(1, 2)));
        _model.Say(new ModelDelta.Finish(0, "stop"), new ModelDelta.Usage(new TokenUsage(1, 2)));
        _model.End();

        (await ReadAsync("{}")).ShouldNotContain(json => json.Contains("usage", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Usage_goes_to_who_asked_in_a_chunk_without_choices()
    {
        _model.Say(new ModelDelta.Usage(new TokenUsage(10, 5, CachedInput: 4, Reasoning: 2)));
        _model.End();

        var chunk = JsonElement.Parse((await ReadAsync("""{"stream":true,"stream_options":{"include_usage":true}}"""))[0]);

        chunk.GetProperty("choices").GetArrayLength().ShouldBe(0);
        chunk.GetProperty("usage").ShouldBeJson(
            """{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15,"prompt_tokens_details":{"cached_tokens":4},"completion_tokens_details":{"reasoning_tokens":2}}""");
    }

    [Fact]
    public async Task A_failure_is_passed_on_and_never_followed_by_done()
    {
        _model.Say(new ModelDelta.Text(0, "a"));
        _model.End(new UpstreamFailed(UpstreamFailure.Interrupted, "upstream_interrupted", "It broke."));
        var seen = new List<string>();

        await Should.ThrowAsync<UpstreamFailed>(ReadAsync("{}", seen));

        seen.ShouldHaveSingleItem().ShouldNotContain("[DONE]");
    }

    [Fact]
    public async Task A_reader_who_leaves_ends_the_models_work()
    {
        _model.Say(new ModelDelta.Text(0, "a"));
        await foreach (var _ in await SendAsync("{}")) break;
        _model.IsReleased.ShouldBeTrue();
    }

    [Fact]
    public async Task A_model_nobody_has_is_not_found_and_the_answer_says_which_there_are()
    {
        var error = await Should.ThrowAsync<NotFound>(SendAsync("""{"model":"nobodys"}"""));
        (error.Code, error.Param).ShouldBe(("model_not_found", "model"));
        error.Message.ShouldContain("nobodys");
        error.Message.ShouldContain("Models are: m (");
    }

    private async Task<List<string>> ReadAsync(string body, List<string>? seen = null)
    {
        seen ??= [];
        await foreach (var @event in await SendAsync(body))
        {
            @event.Type.ShouldBeNull("chunks have no event name");
            seen.Add(Encoding.UTF8.GetString(@event.Json.Span));
        }

        return seen;
    }

    private Task<IAsyncEnumerable<Application.Common.WireEvent>> SendAsync(string body)
    {
        var (request, clock) = (Json.Read<ChatCompletionRequest>(body), new ManualTimeProvider());
        return new StreamChatHandler(new OneModel(), _model, new GroundedChat(_model, SomeDocuments.Searches(), new SomeDocuments(), new CallerContext(), clock), clock)
            .Handle(new StreamChat(request with { Model = request.Model.Length == 0 ? "m" : request.Model }), _patience.Token);
    }

    private sealed class OneModel : IModelCatalogue
    {
        private static readonly ModelDescriptor Model = new() { Id = "m", Provider = "p", UpstreamName = "theirs" };

        public Task<IReadOnlyList<ModelDescriptor>> ListAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<ModelDescriptor>>([Model]);

        public Task<ModelDescriptor?> FindAsync(string id, CancellationToken cancellationToken) => Task.FromResult(id == Model.Id ? Model : null);
    }
}
