using AiPlatform.Application.Inference.Contracts;
using AiPlatform.Infrastructure.ModelProviders;
using AiPlatform.Testing;

namespace AiPlatform.Application.Tests.Inference;

public sealed class TimeoutChatModelTests : IDisposable
{
    private static readonly TimeoutOptions Limits = new()
    {
        FirstToken = TimeSpan.FromSeconds(20), BetweenTokens = TimeSpan.FromSeconds(5), Whole = TimeSpan.FromSeconds(100),
    };

    private readonly ManualTimeProvider _clock = new();
    private readonly CancellationTokenSource _caller = new();
    private readonly ScriptedChatModel _vendor = new();

    public void Dispose() => _caller.Dispose();

    [Fact]
    public async Task A_first_token_that_does_not_come_is_a_timeout()
    {
        await using var stream = Stream();
        var next = NextAsync(stream);
        After(19.9);
        next.IsCompleted.ShouldBeFalse();
        After(0.1);
        await ShouldTimeOutAsync(next, "send a first token within 20 s", "FirstToken");
        _vendor.IsReleased.ShouldBeTrue();
    }

    [Fact]
    public async Task Chunks_that_carry_no_content_do_not_end_the_wait_for_the_first_token()
    {
        await using var stream = Stream();
        foreach (var delta in new ModelDelta?[] { null, new ModelDelta.Text(0, ""), new ModelDelta.Usage(new(1, 0)) })
        {
            _vendor.Say(delta is null ? [] : [delta]);
            (await NextAsync(stream)).ShouldBeTrue();
            After(6);
        }

        var next = NextAsync(stream);
        After(2);
        await ShouldTimeOutAsync(next, "send a first token within 20 s", "FirstToken");
    }

    [Theory]
    [InlineData("text")]
    [InlineData("thinking")]
    [InlineData("refusal")]
    [InlineData("call")]
    public async Task Content_of_any_kind_starts_the_wait_for_the_next_token(string kind)
    {
        await using var stream = Stream();
        After(19);
        _vendor.Say(kind switch
        {
            "text" => new ModelDelta.Text(0, "a"),
            "thinking" => new ModelDelta.Reasoning(0, "a"),
            "refusal" => new ModelDelta.Refusal(0, "a"),
            _ => new ModelDelta.ToolCall(0, 0, "id", "f", null),
        });
        (await NextAsync(stream)).ShouldBeTrue();

        var next = NextAsync(stream);
        After(4.9);
        next.IsCompleted.ShouldBeFalse();
        After(0.1);
        await ShouldTimeOutAsync(next, "send the next token within 5 s", "BetweenTokens");
    }

    [Fact]
    public async Task An_answer_that_never_ends_is_ended()
    {
        await using var stream = Stream();
        for (var i = 0; i < 24; i++)
        {
            _vendor.Say(new ModelDelta.Text(0, "a"));
            (await NextAsync(stream)).ShouldBeTrue();
            var waiting = NextAsync(stream);
            After(4);
            waiting.IsCompleted.ShouldBeFalse();
            _vendor.Say(new ModelDelta.Text(0, "b"));
            (await waiting).ShouldBeTrue();
        }

        var next = NextAsync(stream);
        After(4);
        await ShouldTimeOutAsync(next, "finish its answer within 100 s", "Whole");
    }

    [Fact]
    public async Task A_reader_who_is_slow_is_not_the_vendors_fault()
    {
        await using var stream = Stream();
        _vendor.Say(new ModelDelta.Text(0, "a"));
        _vendor.Say(new ModelDelta.Text(0, "b"));
        (await NextAsync(stream)).ShouldBeTrue();
        After(60);
        (await NextAsync(stream)).ShouldBeTrue();
        After(30);
        _vendor.End();
        (await NextAsync(stream)).ShouldBeFalse();
    }

    [Fact]
    public async Task An_answer_in_time_passes_untouched()
    {
        await using var stream = Stream();
        _vendor.Relay(new byte[] { 1, 2 }, new ModelDelta.Text(0, "a"));
        (await NextAsync(stream)).ShouldBeTrue();
        stream.Current.Raw.ToArray().ShouldBe([1, 2]);
        _vendor.End();
        (await NextAsync(stream)).ShouldBeFalse();
        After(1000);
    }

    [Fact]
    public async Task The_callers_cancellation_stays_a_cancellation()
    {
        await using var stream = Stream();
        var next = NextAsync(stream);
        await _caller.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(next);
        _vendor.IsReleased.ShouldBeTrue();
    }

    [Fact]
    public async Task It_stays_one_when_a_timeout_follows()
    {
        await using var stream = Stream();
        _vendor.Say(new ModelDelta.Text(0, "a"));
        await NextAsync(stream);
        await _caller.CancelAsync();
        After(1000);
        await Should.ThrowAsync<OperationCanceledException>(NextAsync(stream));
    }

    [Theory]
    [InlineData(UpstreamFailure.Interrupted)]
    [InlineData(UpstreamFailure.Unreachable)]
    public async Task A_read_that_breaks_because_we_ended_it_is_a_timeout_too(UpstreamFailure seen)
    {
        var vendor = new ScriptedChatModel { OnAbort = e => new UpstreamFailed(seen, "x", "The connection broke.", inner: e) };
        await using var stream = new TimeoutChatModel(vendor, Limits, _clock).StreamAsync(ScriptedChatModel.Call, _caller.Token).GetAsyncEnumerator();
        var next = NextAsync(stream);
        After(20);
        await ShouldTimeOutAsync(next, "send a first token", "FirstToken");
    }

    [Fact]
    public async Task The_vendors_own_failure_passes_untouched()
    {
        await using var stream = Stream();
        var failure = new UpstreamFailed(UpstreamFailure.RateLimited, "rate_limit_exceeded", "Slow down.");
        _vendor.End(failure);
        (await Should.ThrowAsync<UpstreamFailed>(NextAsync(stream))).ShouldBeSameAs(failure);
    }

    [Fact]
    public async Task A_reader_who_leaves_releases_the_vendor()
    {
        await using (var stream = Stream())
        {
            _vendor.Say(new ModelDelta.Text(0, "a"));
            await NextAsync(stream);
        }

        _vendor.IsReleased.ShouldBeTrue();
    }

    [Fact]
    public async Task An_answer_in_one_piece_has_only_the_limit_of_the_whole()
    {
        var answer = Model.CompleteAsync(ScriptedChatModel.Call, _caller.Token);
        After(99);
        answer.IsCompleted.ShouldBeFalse();
        After(1);
        await ShouldTimeOutAsync(answer, "finish its answer within 100 s", "Whole");

        var cancelled = Model.CompleteAsync(ScriptedChatModel.Call, _caller.Token);
        await _caller.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(cancelled);
    }

    [Fact]
    public async Task An_answer_in_one_piece_passes_when_it_is_in_time()
    {
        var answer = Model.CompleteAsync(ScriptedChatModel.Call, _caller.Token);
        After(99);
        _vendor.Say(new ModelDelta.Text(0, "Hello"), new ModelDelta.Usage(new(1, 2)));
        _vendor.End();
        (await answer).Usage.ShouldBe(new(1, 2));
    }

    private TimeoutChatModel Model => new(_vendor, Limits, _clock);

    private IAsyncEnumerator<ModelChunk> Stream() => Model.StreamAsync(ScriptedChatModel.Call, _caller.Token).GetAsyncEnumerator();

    private static Task<bool> NextAsync(IAsyncEnumerator<ModelChunk> stream) => stream.MoveNextAsync().AsTask();

    private void After(double seconds) => _clock.Advance(TimeSpan.FromSeconds(seconds));

    private static async Task ShouldTimeOutAsync(Task task, string what, string setting)
    {
        var failure = await Should.ThrowAsync<UpstreamFailed>(task);
        (failure.Kind, failure.Code).ShouldBe((UpstreamFailure.Timeout, "upstream_timeout"));
        failure.Message.ShouldStartWith($"The model 'ours' did not {what}");
        failure.Message.ShouldContain($"Inference:Timeouts:{setting}");
    }
}
