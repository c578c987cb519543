using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using AiPlatform.Application.Inference.Contracts;
using AiPlatform.FakeModels;
using AiPlatform.Infrastructure.ModelProviders;
using AiPlatform.Infrastructure.ModelProviders.Anthropic;

namespace AiPlatform.Application.Tests.Inference.Anthropic;

/// <summary>The adapter against a server that speaks the vendor's format.</summary>
public sealed class AnthropicChatModelTests : IAsyncLifetime, IDisposable
{
    private readonly SocketsHttpHandler _handler = new() { AllowAutoRedirect = false, ConnectTimeout = TimeSpan.FromSeconds(5), ResponseDrainTimeout = TimeSpan.Zero };
    private readonly CancellationTokenSource _patience = new(TimeSpan.FromSeconds(60));
    private FakeModelServer _vendor = null!;

    private CancellationToken Patience => _patience.Token;

    private IChatModel Chat => Provider(_vendor.BaseUri).Chat;

    public async Task InitializeAsync()
    {
        _vendor = await FakeModelServer.StartAsync();
        _vendor.ApiKey = "sk-secret";
    }

    public async Task DisposeAsync() => await _vendor.DisposeAsync();

    public void Dispose()
    {
        _handler.Dispose();
        _patience.Dispose();
    }

    [Fact]
    public async Task A_streamed_answer_arrives_whole_and_in_order()
    {
        _vendor.Enqueue(FakeScript.Say("Grüße aus नई दिल्ली 🌏, in a few tokens."));

        var deltas = await StreamAsync("Hi", "\"max_tokens\":100");

        TextOf(deltas).ShouldBe("Grüße aus नई दिल्ली 🌏, in a few tokens.");
        deltas[^2].ShouldBe(new ModelDelta.Finish(0, "stop"));
        deltas[^1].ShouldBeOfType<ModelDelta.Usage>().Tokens.Output.ShouldBePositive();
        var seen = _vendor.Requests.ShouldHaveSingleItem();
        seen.Path.ShouldBe("/v1/messages");
        seen.Body.GetProperty("model").GetString().ShouldBe("fake-claude");
        seen.Headers["anthropic-version"].ShouldBe("2023-06-01");
    }

    [Fact]
    public async Task Each_token_is_handed_on_as_it_comes()
    {
        using var gate = new FakeGate();
        _vendor.Enqueue(new FakeScript { Text = "one two three", Gate = gate });
        await using var stream = Chat.StreamAsync(Calls.Saying("Hi"), Patience).GetAsyncEnumerator(Patience);

        gate.Release();
        (await stream.MoveNextAsync()).ShouldBeTrue();

        stream.Current.Deltas.ShouldHaveSingleItem().ShouldBeOfType<ModelDelta.Text>().Value.ShouldStartWith("one");
        gate.Open();
        while (await stream.MoveNextAsync()) stream.Current.Deltas.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task A_connection_is_used_again_for_the_next_answer()
    {
        var opened = 0;
        _handler.ConnectCallback = async (context, token) =>
        {
            Interlocked.Increment(ref opened);
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(context.DnsEndPoint, token);
            return new NetworkStream(socket, ownsSocket: true);
        };

        for (var i = 0; i < 3; i++) await StreamAsync("Hi");

        opened.ShouldBe(1);
    }

    [Fact]
    public async Task Tool_calls_are_streamed_in_fragments()
    {
        var deltas = await StreamAsync("[[fake tool=weather args={\"city\":\"Pune\"} tools=2 tool-fragments=3]]", "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"weather\"}}]");

        var calls = deltas.OfType<ModelDelta.ToolCall>().ToLookup(call => call.Index);
        calls.Count.ShouldBe(2);
        foreach (var call in calls)
        {
            call.First().Name.ShouldBe("weather");
            call.First().Id.ShouldNotBeNullOrEmpty();
            string.Concat(call.Select(fragment => fragment.Arguments)).ShouldBe("""{"city":"Pune"}""");
        }

        deltas[^2].ShouldBe(new ModelDelta.Finish(0, "tool_calls"));
    }

    [Fact]
    public async Task Thinking_comes_before_the_text_and_apart_from_it()
    {
        var deltas = await StreamAsync("[[fake reasoning=3 tokens=2]]", "\"reasoning_effort\":\"low\"");

        deltas[0].ShouldBeOfType<ModelDelta.Reasoning>();
        deltas.OfType<ModelDelta.Reasoning>().Count().ShouldBe(3);
        deltas.OfType<ModelDelta.Text>().Count().ShouldBe(2);
        _vendor.Requests[0].Body.GetProperty("thinking").GetProperty("budget_tokens").GetInt32().ShouldBe(2048);
    }

    [Fact]
    public async Task A_whole_answer_has_the_form_of_the_api()
    {
        _vendor.Enqueue(FakeScript.Say("Hello.", "reasoning=2"));

        var answer = await Chat.CompleteAsync(Calls.Saying("Hi"), Patience);

        var json = JsonElement.Parse(answer.Json.Span);
        json.GetProperty("id").GetString()!.ShouldStartWith("chatcmpl-msg_");
        json.GetProperty("model").GetString().ShouldBe("ours");
        var choice = json.GetProperty("choices")[0];
        choice.GetProperty("message").GetProperty("content").GetString().ShouldBe("Hello.");
        choice.GetProperty("message").GetProperty("reasoning_content").GetString().ShouldNotBeNullOrEmpty();
        choice.GetProperty("finish_reason").GetString().ShouldBe("stop");
        json.GetProperty("usage").GetProperty("prompt_tokens").GetInt32().ShouldBe(answer.Usage!.Input);
        _vendor.Requests[0].Body.TryGetProperty("stream", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task A_tool_round_goes_through()
    {
        var call = Calls.Of("""
            {"model":"ours","messages":[{"role":"user","content":"[[fake tool=weather]]"},
             {"role":"assistant","content":null,"tool_calls":[{"id":"call_1","type":"function","function":{"name":"weather","arguments":"{}"}}]},
             {"role":"tool","tool_call_id":"call_1","content":"Hot"}],"tools":[{"type":"function","function":{"name":"weather"}}]}
            """, "fake-claude");

        var answer = await Chat.CompleteAsync(call, Patience);

        JsonElement.Parse(answer.Json.Span).GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString()!.ShouldContain("Hot");
    }

    [Theory]
    [InlineData("tokens=20 cut=5", UpstreamFailure.Interrupted, 5)]
    [InlineData("tokens=20 cut-inside=utf8", UpstreamFailure.Interrupted, 10)]
    [InlineData("tokens=20 cut-inside=json", UpstreamFailure.Interrupted, 10)]
    [InlineData("tokens=20 cut=0 reset", UpstreamFailure.Interrupted, 0)]
    [InlineData("tokens=5 no-done", UpstreamFailure.Interrupted, 5)]
    [InlineData("tokens=20 error-event=5", UpstreamFailure.Overloaded, 5)]
    [InlineData("tokens=20 garbage=mid at=5", UpstreamFailure.InvalidResponse, 5)]
    [InlineData("garbage=headers", UpstreamFailure.InvalidResponse, 0)]
    public async Task A_stream_that_breaks_keeps_what_came_and_says_why(string behaviour, UpstreamFailure kind, int tokens)
    {
        var deltas = new List<ModelDelta>();

        var failure = await Should.ThrowAsync<UpstreamFailed>(StreamAsync($"secret prompt [[fake {behaviour}]]", into: deltas));

        failure.Kind.ShouldBe(kind);
        failure.Message.ShouldNotContain("secret");
        deltas.OfType<ModelDelta.Text>().Count().ShouldBe(tokens);
        deltas.ShouldNotContain(delta => delta is ModelDelta.Finish);
    }

    [Theory]
    [InlineData("cut=5", UpstreamFailure.Interrupted)]
    [InlineData("garbage=mid", UpstreamFailure.InvalidResponse)]
    [InlineData("garbage=headers", UpstreamFailure.InvalidResponse)]
    public async Task A_whole_answer_that_breaks_says_why(string behaviour, UpstreamFailure kind) =>
        (await Should.ThrowAsync<UpstreamFailed>(Chat.CompleteAsync(Calls.Saying($"[[fake {behaviour}]]"), Patience))).Kind.ShouldBe(kind);

    [Theory]
    [InlineData("status=400", UpstreamFailure.Rejected, "upstream_rejected", null)]
    [InlineData("window=1", UpstreamFailure.Rejected, "context_length_exceeded", null)]
    [InlineData("status=403", UpstreamFailure.Credentials, "upstream_credentials", null)]
    [InlineData("status=404", UpstreamFailure.ModelNotFound, "model_not_found", null)]
    [InlineData("status=413", UpstreamFailure.Rejected, "request_too_large", null)]
    [InlineData("status=429 retry-after=7", UpstreamFailure.RateLimited, "rate_limit_exceeded", 7)]
    [InlineData("status=500", UpstreamFailure.ServerError, "upstream_error", null)]
    [InlineData("status=503", UpstreamFailure.Overloaded, "upstream_overloaded", null)]
    [InlineData("status=529 retry-after=2", UpstreamFailure.Overloaded, "upstream_overloaded", 2)]
    public async Task An_error_status_has_its_kind_and_is_not_retried(string behaviour, UpstreamFailure kind, string code, int? retryAfter)
    {
        var streamed = await Should.ThrowAsync<UpstreamFailed>(StreamAsync($"[[fake {behaviour}]]"));
        var whole = await Should.ThrowAsync<UpstreamFailed>(Chat.CompleteAsync(Calls.Saying($"[[fake {behaviour}]]"), Patience));

        (streamed.Kind, streamed.Code, streamed.VendorStatus, streamed.RetryAfter?.TotalSeconds).ShouldBe((kind, code, _vendor.Requests[0].Status, retryAfter));
        (whole.Kind, whole.Message).ShouldBe((streamed.Kind, streamed.Message));
        _vendor.Requests.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_refused_key_names_what_to_set_and_not_the_key()
    {
        _vendor.ApiKey = "another";

        var failure = await Should.ThrowAsync<UpstreamFailed>(StreamAsync("Hi"));

        failure.Kind.ShouldBe(UpstreamFailure.Credentials);
        failure.Message.ShouldContain("ANTHROPIC_API_KEY");
        failure.Message.ShouldContain("Inference__Providers__claude__ApiKey");
        failure.ToString().ShouldNotContain("sk-secret");
    }

    [Fact]
    public async Task A_vendor_that_is_not_there_is_unreachable()
    {
        var nobody = new TcpListener(IPAddress.Loopback, 0);
        nobody.Start();
        var port = ((IPEndPoint)nobody.LocalEndpoint).Port;
        nobody.Stop();

        var chat = Provider(new Uri($"http://127.0.0.1:{port}/")).Chat;

        (await Should.ThrowAsync<UpstreamFailed>(chat.CompleteAsync(Calls.Saying("Hi"), Patience))).Kind.ShouldBe(UpstreamFailure.Unreachable);
    }

    [Theory]
    [InlineData("hang=headers")]
    [InlineData("hang=first")]
    [InlineData("tokens=20 hang=mid at=5")]
    [InlineData("tokens=20 hang=mid at=5 ping=20")]
    public async Task Cancelling_ends_a_hanging_stream_on_both_sides(string behaviour)
    {
        using var caller = CancellationTokenSource.CreateLinkedTokenSource(Patience);
        var stream = StreamAsync($"[[fake {behaviour}]]", token: caller.Token);
        var seen = await _vendor.WaitForAsync(request => behaviour.Contains("mid", StringComparison.Ordinal) ? request.TokensSent == 5 : request.Body.ValueKind != JsonValueKind.Undefined, Patience);

        await caller.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(stream);
        await seen.Ended.WaitAsync(Patience);
        seen.Outcome.ShouldBe(RequestOutcome.ClientAborted);
    }

    [Fact]
    public async Task Cancelling_ends_a_hanging_whole_answer_on_both_sides()
    {
        using var caller = CancellationTokenSource.CreateLinkedTokenSource(Patience);
        var answer = Chat.CompleteAsync(Calls.Saying("[[fake hang=mid]]"), caller.Token);
        var seen = await _vendor.WaitForAsync(request => request.Body.ValueKind != JsonValueKind.Undefined, Patience);

        await caller.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(answer);
        await seen.Ended.WaitAsync(Patience);
        seen.Outcome.ShouldBe(RequestOutcome.ClientAborted);
    }

    [Fact]
    public async Task A_reader_that_leaves_ends_the_vendors_stream()
    {
        await foreach (var _ in Chat.StreamAsync(Calls.Saying("[[fake tokens=20 hang=mid at=5]]"), Patience)) break;

        var seen = _vendor.Requests.ShouldHaveSingleItem();
        await seen.Ended.WaitAsync(Patience);
        seen.Outcome.ShouldBe(RequestOutcome.ClientAborted);
    }

    [Fact]
    public async Task Models_are_discovered()
    {
        var models = await Provider(_vendor.BaseUri).DiscoverAsync(Patience);

        models.Select(model => model.Id).ShouldBe(["fake-claude", "fake-claude-mini"]);
    }

    private AnthropicProvider Provider(Uri baseUri) =>
        new("claude", new ProviderOptions { Type = "anthropic", ApiKey = "sk-secret", BaseUrl = baseUri.ToString() }, _handler, TimeProvider.System);

    private async Task<List<ModelDelta>> StreamAsync(string text, string more = "", List<ModelDelta>? into = null, CancellationToken? token = null)
    {
        var deltas = into ?? [];
        await foreach (var chunk in Chat.StreamAsync(Calls.Saying(text, more), token ?? Patience)) deltas.AddRange(chunk.Deltas);
        return deltas;
    }

    private static string TextOf(IEnumerable<ModelDelta> deltas) =>
        deltas.OfType<ModelDelta.Text>().Aggregate(new StringBuilder(), (text, delta) => text.Append(delta.Value)).ToString();
}
