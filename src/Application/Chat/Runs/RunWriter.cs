using System.Threading.Channels;
using AiPlatform.Application.Common;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Application.Chat.Runs;

/// <summary>
/// Commits, then publishes: the events of all runs of this process go into the log in groups, and to readers only when they are there. A group starts no
/// sooner than <see cref="ChatOptions.CommitInterval"/> after the one before, unless somebody waits for a first word.
/// </summary>
public sealed partial class RunWriter(IRunLog runLog, IRunSignals signals, ChatOptions options, TimeProvider clock, ILogger<RunWriter> log) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly Channel<ResponseRun> _changed = Channel.CreateUnbounded<ResponseRun>(new UnboundedChannelOptions { SingleReader = true });
    private readonly SemaphoreSlim _urgent = new(0);
    private Task? _loop;

    /// <summary>Takes an event on its way. It is numbered already.</summary>
    internal void Write(ResponseRun run, WireEvent @event, bool isUrgent)
    {
        LazyInitializer.EnsureInitialized(ref _loop, StartLoop);
        // At most one entry for each run: a run that is listed is taken with all that waits by then.
        if (run.Outbox.Add(@event)) _changed.Writer.TryWrite(run);
        if (isUrgent) _urgent.Release();
    }

    public void Dispose()
    {
        _changed.Writer.TryComplete();
        _urgent.Dispose();
    }

    private Task StartLoop()
    {
        // It works for all requests, so it is to bear the marks of none.
        using (ExecutionContext.SuppressFlow()) return Task.Run(LoopAsync);
    }

    private async Task LoopAsync()
    {
        var group = new List<ResponseRun>();
        while (await _changed.Reader.WaitToReadAsync())
        {
            var started = clock.GetTimestamp();
            while (_urgent.Wait(0)) continue;
            group.Clear();
            while (_changed.Reader.TryRead(out var run)) group.Add(run);
            var batches = group.Select(Batch.Take).OfType<Batch>().ToList();
            if (batches.Count > 0) await CommitAsync(batches);
            var rest = options.CommitInterval - clock.GetElapsedTime(started);
            if (rest > TimeSpan.Zero) await _urgent.WaitAsync(rest);
        }
    }

    /// <summary>Until all of them are written, or known to be somebody else's.</summary>
    private async Task CommitAsync(List<Batch> batches)
    {
        for (var isRepeat = false; batches.Count > 0; isRepeat = true)
        {
            try
            {
                var written = await runLog.AppendAsync([.. batches.Select(batch => batch.Append)], CancellationToken.None);
                // A commit that nobody confirmed may have come through only now, and be what stands in the way of its own repetition.
                if (isRepeat && written.Count < batches.Count) batches = await WithoutWrittenAsync(batches);
                foreach (var batch in batches) Settle(batch, written.Contains(batch.Run.Response.Id));
                return;
            }
            catch (EventsRefused) when (batches.Count > 1)
            {
                // One run must not hold up the others: alone, each shows whether it is the one.
                foreach (var batch in batches) await CommitAsync([batch]);
                return;
            }
            catch (EventsRefused e)
            {
                Refuse(batches[0], e);
                return;
            }
            catch (Exception e)
            {
                LogFailed(log, batches.Count, e.Message);
            }

            await Task.Delay(Pause, clock);
            batches = await WithoutWrittenAsync(batches);
        }
    }

    // Nobody knows what became of a commit whose answer did not come: look.
    private async Task<List<Batch>> WithoutWrittenAsync(List<Batch> batches)
    {
        try
        {
            var positions = await runLog.PositionsAsync([.. batches.Select(batch => batch.Append)], CancellationToken.None);
            var missing = new List<Batch>();
            foreach (var batch in batches)
            {
                var isOurs = positions.TryGetValue(batch.Run.Response.Id, out var last);
                if (isOurs && last < batch.Append.First) missing.Add(batch);
                else Settle(batch, isOurs);
            }

            return missing;
        }
        catch (Exception e)
        {
            LogFailed(log, batches.Count, e.Message);
            return batches;
        }
    }

    private void Refuse(Batch batch, EventsRefused refusal)
    {
        LogRefused(log, batch.Run.Response.Id.Value, refusal.Message);
        batch.Run.Refusal = refusal;
        batch.Run.Stop(StopReason.Refused);
        batch.Run.Outbox.Written();
    }

    private void Settle(Batch batch, bool isWritten)
    {
        if (isWritten)
        {
            batch.Run.Tail.Append(batch.Events);
            signals.Changed(batch.Run.Response.Id);
        }
        else
        {
            batch.Run.Stop(StopReason.Lost);
        }

        batch.Run.Outbox.Written();
    }

    private sealed record Batch(ResponseRun Run, IReadOnlyList<WireEvent> Events, RunAppend Append)
    {
        public static Batch? Take(ResponseRun run)
        {
            var events = run.Outbox.Take();
            return events.Count == 0 ? null : new Batch(run, events, RunAppend.Of(run, events));
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Events of response {Response} cannot be written, so it fails: {Reason}")]
    private static partial void LogRefused(ILogger log, Guid response, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Events of {Runs} runs could not be written yet: {Reason}")]
    private static partial void LogFailed(ILogger log, int runs, string reason);
}
