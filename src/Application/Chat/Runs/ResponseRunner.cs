using AiPlatform.Application.Chat.Answers;
using AiPlatform.Application.Common;
using AiPlatform.Application.Inference.Contracts;
using AiPlatform.Domain.Chat;
using AiPlatform.Domain.Common;
using AiPlatform.Domain.Usage;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Application.Chat.Runs;

/// <summary>
/// Generates one response: asks the model, turns what it says into events, goes on where it breaks off, and ends the run in one transaction with its output.
/// Starts anew or in the middle alike: what is there already it reads off the response.
/// </summary>
public sealed partial class ResponseRunner(
    IChatModel models, DocumentSearches searches, RunWriter writer, RunEnding endings, IRunStore runStore, RunUsage usage, IRunLog runLog, IRunSignals signals,
    ITokenCounter tokens, TimeProvider clock, ILogger<ResponseRunner> log)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    internal async Task RunAsync(ResponseRun run)
    {
        IEnumerable<ResponseEvent> ending;
        try
        {
            ending = await GenerateAsync(run);
        }
        catch (Exception) when (run.Stopped.IsCancellationRequested)
        {
            if (run.Reason is StopReason.Lost) return;
            if (run.Reason is StopReason.ShuttingDown && run.Response.IsStored)
            {
                await GiveAwayAsync(run);
                return;
            }

            ending = Closed(run, run.Reason is StopReason.ShuttingDown
                ? new ResponseEvent.Failed("server_error", "The server was shut down while it generated this response. Send the request again.")
                : new ResponseEvent.Cancelled());
        }
        catch (Exception e)
        {
            if (e is not PlatformException) LogUnexpected(log, e);
            run.Failure = e;
            ending = Closed(run, RunFailure.Of(e));
        }

        await endings.EndAsync(run, ending);
    }

    private async Task<IEnumerable<ResponseEvent>> GenerateAsync(ResponseRun run)
    {
        if (run.NextSequence == 0) Emit(run, new ResponseEvent.Created());
        // One that was queued, or begins only now, has not said so yet.
        if (run.Response.Status is ResponseStatus.Queued || run.NextSequence == 1) Emit(run, new ResponseEvent.InProgress());
        if (!run.Generates) return [new ResponseEvent.Completed(new TokenUsage(0, 0))];
        if (run.FileSearch is { } tool)
        {
            var documents = searches.Begin(tool, run.Call, run.Response.Id.Value);
            run.Searches = new RunSearches(run, documents, searches, @event => Emit(run, @event), clock);
            await run.Searches.ResumeAsync();
            if (run.HasLostCall) await SpendAsync(run, usage.WithDocuments(run, documents.NextCall()));
        }

        while (true)
        {
            if (run.Searches is { Documents: { MustSearchNow: true } asked } first) await first.SearchAsync([asked.Questions]);
            var attempt = RunAttempt.Begin(run, tokens, clock);
            run.Attempt = attempt;
            var before = run.NextSequence;
            try
            {
                foreach (var @event in attempt.CloseThinking()) Emit(run, @event);
                await foreach (var chunk in models.StreamAsync(attempt.Call, run.Stopped))
                {
                    foreach (var delta in chunk.Deltas)
                        foreach (var @event in attempt.On(delta)) Emit(run, @event);
                    await run.Outbox.WaitForRoomAsync(run.Stopped);
                }
            }
            catch (UpstreamFailed) when (attempt.IsWhole)
            {
                // All is said. Asked to go on, a model would add a remark.
            }
            catch (UpstreamFailed e) when (!attempt.HasContent && run.Searches is { } own && searches.IsRefusalOfTools(own.Documents, attempt.Call, e))
            {
                continue;
            }
            catch (UpstreamFailed e) when (e.IsTransient && !run.Stopped.IsCancellationRequested && (attempt.HasContent || run.Response.Interruptions > 0 || run.Spent is not null))
            {
                // Before the first word nothing is lost by failing, and the client learns the true status.
                run.Stalls = run.NextSequence > before ? 1 : run.Stalls + 1;
                await NoteAsync(run, attempt);
                if (RunLimits.AreExceeded(run.Response, run.Stalls)) throw;
                LogGoingOn(log, run.Response.Id.Value, e.Message);
                await Task.Delay(PauseAfter(e, run.Stalls), clock, run.Stopped);
                continue;
            }

            if (attempt.Searches is not { Count: > 0 } wanted) return attempt.Finish(() => usage.With(run, attempt.Call, attempt.Usage));
            foreach (var @event in attempt.EndRound()) Emit(run, @event);
            await EndRoundAsync(run, attempt);
            await run.Searches!.SearchAsync(wanted);
        }
    }

    private static TimeSpan PauseAfter(UpstreamFailed failure, int stalls)
    {
        var pause = failure.RetryAfter ?? FirstPause * Math.Pow(2, stalls - 1);
        return pause < LongestPause ? pause : LongestPause;
    }

    private void Emit(ResponseRun run, ResponseEvent @event)
    {
        var wire = run.Response.Append(@event, run.NextSequence++, clock.GetUtcNow());
        if (!run.Response.IsStored)
        {
            run.Tail.Append([wire]);
            return;
        }

        var isFirstWord = !run.HasSpoken && @event is ResponseEvent.Delta;
        run.HasSpoken |= isFirstWord;
        writer.Write(run, wire, isFirstWord);
    }

    private async Task NoteAsync(ResponseRun run, RunAttempt attempt)
    {
        run.Spent = usage.With(run, attempt.Call, attempt.Usage);
        run.Response.Interrupt(run.Spent);
        await NoteAsync(run);
    }

    /// <summary>The model has said what to search for. That has been paid for.</summary>
    private async Task EndRoundAsync(ResponseRun run, RunAttempt attempt)
    {
        run.Attempt = null;
        await SpendAsync(run, usage.With(run, attempt.Call, attempt.Usage));
    }

    private async Task SpendAsync(ResponseRun run, TokenUsage spent)
    {
        run.Spent = spent;
        run.Response.Spend(spent);
        await NoteAsync(run);
    }

    private async Task NoteAsync(ResponseRun run)
    {
        if (!run.Response.IsStored) return;
        try
        {
            await runStore.ContinueAsync(run.Response, run.Epoch, run.Stalls, run.Stopped);
        }
        catch (Exception e) when (!run.Stopped.IsCancellationRequested)
        {
            // What ends the run writes it too.
            LogNotNoted(log, e.Message);
        }
    }

    private IEnumerable<ResponseEvent> Closed(ResponseRun run, ResponseEvent last)
    {
        // What the model said has been paid for, whatever became of it.
        if (run.Attempt is { HasContent: true } attempt) run.Response.Spend(usage.With(run, attempt.Call, attempt.Usage));
        return new ResponseComposer(run.Response, clock).Close(ItemStatus.Incomplete).Append(last);
    }

    /// <summary>Leaves a run for another process to go on with. If that does not work, its lease runs out.</summary>
    private async Task GiveAwayAsync(ResponseRun run)
    {
        try
        {
            var left = await run.Outbox.CloseAsync();
            if (left.Count > 0)
            {
                var written = await runLog.AppendAsync([RunAppend.Of(run, left)], CancellationToken.None);
                if (written.Count == 0) return;
                run.Tail.Append(left);
            }

            await runLog.ReleaseAsync(run.Response.Id, run.Epoch, CancellationToken.None);
            signals.Claimable();
        }
        catch (Exception e)
        {
            LogNotGivenAway(log, e.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A run failed unexpectedly")]
    private static partial void LogUnexpected(ILogger log, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The model's answer for response {Response} broke off and is continued: {Reason}")]
    private static partial void LogGoingOn(ILogger log, Guid response, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "An interruption could not be noted: {Reason}")]
    private static partial void LogNotNoted(ILogger log, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A run could not be handed over; it goes on elsewhere when its lease has run out: {Reason}")]
    private static partial void LogNotGivenAway(ILogger log, string reason);
}
