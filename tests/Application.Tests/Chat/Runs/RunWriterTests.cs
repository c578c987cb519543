using System.Collections.Concurrent;
using AiPlatform.Application.Chat;
using AiPlatform.Application.Chat.Runs;
using AiPlatform.Application.Common;
using AiPlatform.Domain.Chat;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiPlatform.Application.Tests.Chat.Runs;

public sealed class RunWriterTests : IDisposable
{
    private readonly CancellationTokenSource _patience = new(TimeSpan.FromSeconds(60));
    private readonly FakeRunLog _log = new();
    private readonly Signals _signals = new();
    private readonly RunWriter _writer;

    // An hour: what is written sooner is so because it may not wait.
    public RunWriterTests() => _writer = new RunWriter(_log, _signals, new ChatOptions { CommitInterval = TimeSpan.FromHours(1) }, TimeProvider.System, NullLogger<RunWriter>.Instance);

    public void Dispose() => _patience.Dispose();

    [Fact]
    public async Task What_is_written_is_committed_then_shown_then_announced()
    {
        var run = Start();
        var mayCommit = new TaskCompletionSource();
        _log.Before = _ => mayCommit.Task;
        Say(run, 0);
        await UntilAsync(() => _log.Groups.Count == 1);
        (run.Tail.Events.Count, _signals.Changes.Count).ShouldBe((0, 0));

        mayCommit.SetResult();
        await UntilAsync(() => !_signals.Changes.IsEmpty);
        Shown(run).ShouldBe([0]);
        _log.Written[run.Response.Id].ShouldBe(run.Tail.Events.Select(SomeRun.TextOf));
    }

    [Fact]
    public async Task A_first_word_takes_all_that_waits_along_without_waiting_itself()
    {
        var (run, other) = (Start(), Start());
        Say(run, 0);
        await UntilAsync(() => Shown(run).Count == 1);
        Say(run, 1);
        Say(other, 0);
        Say(run, 2, isUrgent: true);

        await UntilAsync(() => Shown(run).Count == 3 && Shown(other).Count == 1);
        _log.Groups.Count.ShouldBe(2);
    }

    [Fact]
    public async Task What_comes_during_a_commit_goes_into_the_next_as_one_group()
    {
        List<ResponseRun> runs = [Start(), Start(), Start()];
        var mayCommit = new TaskCompletionSource();
        _log.Before = _ => mayCommit.Task;
        Say(runs[0], 0);
        await UntilAsync(() => _log.Groups.Count == 1);
        foreach (var run in runs)
            for (var n = run == runs[0] ? 1 : 0; n < 20; n++) Say(run, n, isUrgent: true);
        mayCommit.SetResult();

        await UntilAsync(() => runs.TrueForAll(run => Shown(run).Count == 20));
        foreach (var run in runs) Shown(run).ShouldBe(Enumerable.Range(0, 20).Select(n => (long)n));
        _log.Groups.Count.ShouldBe(2);
        _log.Groups.Last().Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_commit_whose_answer_was_lost_is_not_repeated()
    {
        var run = Start();
        _log.After = Once(() => _log.After = Succeed);
        Say(run, 0);
        Say(run, 1);

        await UntilAsync(() => Shown(run).Count == 2);
        Say(run, 2, isUrgent: true);
        await UntilAsync(() => Shown(run).Count == 3);
        _log.Written[run.Response.Id].ShouldBe(run.Tail.Events.Select(SomeRun.TextOf));
    }

    [Fact]
    public async Task A_commit_that_did_not_happen_is_repeated_as_long_as_it_takes()
    {
        var run = Start();
        var failures = 0;
        _log.Before = _ => ++failures < 3 ? Task.FromException(new TimeoutException("The database is away.")) : Task.CompletedTask;
        _log.BeforePositions = () => failures < 2 ? Task.FromException(new TimeoutException("Still away.")) : Task.CompletedTask;
        Say(run, 0);

        await UntilAsync(() => Shown(run).Count == 1);
        _log.Written[run.Response.Id].Count.ShouldBe(1);
        run.Stopped.IsCancellationRequested.ShouldBeFalse();
    }

    [Fact]
    public async Task A_run_that_somebody_else_has_is_stopped_and_shows_nothing_while_others_go_on()
    {
        var (lost, other) = (Start(), Start());
        _log.Take(lost);
        Say(lost, 0);
        Say(other, 0, isUrgent: true);

        await UntilAsync(() => Shown(other).Count == 1 && lost.Stopped.IsCancellationRequested);
        lost.Reason.ShouldBe(StopReason.Lost);
        (Shown(lost).Count, _log.Written.ContainsKey(lost.Response.Id)).ShouldBe((0, false));
        (await lost.Outbox.CloseAsync().WaitAsync(_patience.Token)).ShouldBeEmpty("it can end");
    }

    [Fact]
    public async Task A_run_that_was_taken_while_the_database_was_away_is_stopped_too()
    {
        var run = Start();
        _log.Before = _ =>
        {
            _log.Take(run);
            throw new TimeoutException("The database is away.");
        };
        Say(run, 0);

        await UntilAsync(() => run.Stopped.IsCancellationRequested);
        (run.Reason, Shown(run).Count).ShouldBe((StopReason.Lost, 0));
    }

    [Fact]
    public async Task A_run_whose_events_the_database_refuses_stops_alone()
    {
        List<ResponseRun> runs = [Start(), Start(), Start()];
        var poisoned = runs[1].Response.Id;
        _log.Before = group => group.Any(run => run.Response == poisoned) ? Task.FromException(new EventsRefused("It is poison.")) : Task.CompletedTask;
        foreach (var run in runs) Say(run, 0, isUrgent: true);

        await UntilAsync(() => Shown(runs[0]).Count == 1 && Shown(runs[2]).Count == 1 && runs[1].Stopped.IsCancellationRequested);
        (runs[1].Reason, Shown(runs[1]).Count).ShouldBe((StopReason.Refused, 0));
        (await runs[1].Outbox.CloseAsync().WaitAsync(_patience.Token)).ShouldBeEmpty("it can end");
        Say(runs[0], 1, isUrgent: true);
        await UntilAsync(() => Shown(runs[0]).Count == 2);
        (runs[0].Stopped.IsCancellationRequested || runs[2].Stopped.IsCancellationRequested).ShouldBeFalse();
    }

    private ResponseRun Start()
    {
        var run = SomeRun.Of(SomeRun.Response());
        run.Response.Says("");
        _log.Add(run);
        return run;
    }

    private void Say(ResponseRun run, long number, bool isUrgent = false) => _writer.Write(run, run.Response.Write(number, new ResponseEvent.Delta(0, 0, $"word {number} ")).Single(), isUrgent);

    private static List<long> Shown(ResponseRun run) => [.. run.Tail.Events.Select(@event => @event.Sequence!.Value)];

    private static Task Succeed() => Task.CompletedTask;

    private static Func<Task> Once(Action then) => () =>
    {
        then();
        throw new IOException("The connection broke.");
    };

    private async Task UntilAsync(Func<bool> holds)
    {
        while (!holds()) await Task.Delay(5, _patience.Token);
    }

    private sealed class Signals : IRunSignals
    {
        public ConcurrentQueue<ResponseId> Changes { get; } = [];

        public void Changed(ResponseId response) => Changes.Enqueue(response);

        public void Claimable()
        {
        }
    }
}
