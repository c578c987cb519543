using AiPlatform.Application.Chat;
using AiPlatform.Application.Chat.Runs;
using AiPlatform.Application.Inference.Contracts;
using AiPlatform.Application.Tests.Chat.Answers;
using AiPlatform.Application.Tests.Inference;
using AiPlatform.Domain.Chat;
using AiPlatform.Domain.Usage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiPlatform.Application.Tests.Chat.Runs;

/// <summary>Runs that are not stored: their events go to readers at once.</summary>
public sealed class ResponseRunnerTests : IDisposable
{
    private static readonly UpstreamFailed Broken = new(UpstreamFailure.Interrupted, "upstream_interrupted", "It broke.");

    private readonly CancellationTokenSource _patience = new(TimeSpan.FromSeconds(60));
    private readonly ServiceProvider _services = new ServiceCollection().BuildServiceProvider();
    private readonly ScriptedChatModel _model = new();
    private readonly ResponseRun _run = SomeRun.Of(SomeRun.Response(store: false));

    public void Dispose()
    {
        _patience.Dispose();
        _services.Dispose();
    }

    [Fact]
    public async Task A_connection_that_breaks_when_all_is_said_loses_nothing()
    {
        _model.Say(new ModelDelta.Text(0, "At nine."), new ModelDelta.Finish(0, "stop"));
        _model.End(Broken);
        await RunAsync();

        (_run.Response.Status, _run.Response.Interruptions, RunAttempt.TextOf(_run.Response)).ShouldBe((ResponseStatus.Completed, 0, "At nine."));
        _run.Response.Usage!.IsEstimate.ShouldBeTrue("the vendor did not come to say it");
    }

    [Fact]
    public async Task Function_calls_that_are_whole_are_shown_though_the_connection_breaks_then()
    {
        _model.Say(new ModelDelta.ToolCall(0, 0, "call_a", "f", "{}"), new ModelDelta.Finish(0, "tool_calls"), new ModelDelta.Usage(new TokenUsage(5, 6)));
        _model.End(Broken);
        await RunAsync();

        _run.Response.Status.ShouldBe(ResponseStatus.Completed);
        _run.Response.Output.ShouldHaveSingleItem().ShouldBeOfType<FunctionCallItem>();
        _run.Response.Usage.ShouldBe(new TokenUsage(5, 6));
    }

    [Fact]
    public async Task A_failure_before_the_first_word_is_the_runs_own()
    {
        _model.End(Broken);
        await RunAsync();

        (_run.Response.Status, _run.Failure, _run.Response.ErrorMessage).ShouldBe((ResponseStatus.Failed, Broken, "It broke."));
        _run.Tail.Events.Select(@event => @event.Type).ShouldBe(["response.created", "response.in_progress", "response.failed"]);
    }

    private Task RunAsync()
    {
        var (log, signals, clock) = (new FakeRunLog(), new NoSignals(), TimeProvider.System);
        var runStore = new NoStore();
        var store = new ResponseStore(runStore, _services.GetRequiredService<IServiceScopeFactory>(), clock, NullLogger<ResponseStore>.Instance);
        var writer = new RunWriter(log, signals, new ChatOptions(), clock, NullLogger<RunWriter>.Instance);
        var endings = new RunEnding(store, signals, clock, NullLogger<RunEnding>.Instance);
        var runner = new ResponseRunner(
            _model, SomeDocuments.Searches(), writer, endings, runStore, new RunUsage(new WordCounter()), log, signals, new WordCounter(), clock, NullLogger<ResponseRunner>.Instance);
        return runner.RunAsync(_run).WaitAsync(_patience.Token);
    }

    private sealed class NoSignals : IRunSignals
    {
        public void Changed(ResponseId response)
        {
        }

        public void Claimable()
        {
        }
    }

    private sealed class NoStore : IRunStore
    {
        public Task BeginAsync(BegunRun run, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<bool> ContinueAsync(Response response, int epoch, int stalls, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<bool> EndAsync(FinishedRun run, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
