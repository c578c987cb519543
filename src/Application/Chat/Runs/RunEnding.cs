using AiPlatform.Application.Chat.Wire;
using AiPlatform.Application.Common;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Domain.Chat;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Application.Chat.Runs;

/// <summary>Ends runs, in whatever way they end: the last events, the output and the log in one transaction, and only then shown.</summary>
public sealed partial class RunEnding(ResponseStore store, IRunSignals signals, TimeProvider clock, ILogger<RunEnding> log)
{
    /// <summary>Ends a run of this process. The events that end it come with it all at once, so half a set of function calls is never seen.</summary>
    internal async Task EndAsync(ResponseRun run, IEnumerable<ResponseEvent> ending)
    {
        List<WireEvent> last = [.. await run.Outbox.CloseAsync()];
        if (run.Refusal is not null)
        {
            await EndAsLoggedAsync(run);
            return;
        }

        last.AddRange(Applied(run.Response, ending, run.NextSequence));
        var end = new EndedRun(run.Response, run.Caller, run.Input.Count, run.Epoch, run.Tail.Events, last) { Unstored = run.Response.IsStored ? null : run.Input };
        try
        {
            // Lost: somebody else ended it, or will. Theirs is the truth.
            if (!await store.FinishAsync(end, CancellationToken.None)) return;
            run.Final = ResponseJson.ToJson(run.Response, run.Response.Output.Select(ItemJson.ToJson));
            run.Tail.Append(last);
            if (run.Response.IsStored) signals.Changed(run.Response.Id);
        }
        catch (Exception e)
        {
            LogNotStored(log, e);
            // Its lease runs out, and whoever finds it goes on with it. One that is not stored has no second chance.
            if (run.Response.IsStored) return;
            run.Failure = e;
            run.Tail.Append([ResponseEventJson.Error("server_error", "The response is finished, but could not be added to its conversation: the database is away.", null, last[0].Sequence!.Value)]);
        }
    }

    /// <summary>Ends a run that was taken from its owner, or whose owner has gone.</summary>
    internal async Task<bool> EndAsync(FoldedRun run, Caller caller, ResponseEvent last, CancellationToken cancellationToken)
    {
        var ending = new ResponseComposer(run.Response, clock).Close(ItemStatus.Incomplete).Append(last);
        var end = new EndedRun(run.Response, caller, run.InputCount, run.Claim.Epoch, run.Events, Applied(run.Response, ending, run.Claim.LastSequence + 1));
        var isOurs = await store.FinishAsync(end, cancellationToken);
        if (isOurs) signals.Changed(run.Response.Id);
        return isOurs;
    }

    /// <summary>Ends a run whose latest events cannot be written: without them.</summary>
    private async Task EndAsLoggedAsync(ResponseRun run)
    {
        try
        {
            if (await store.LoadAsync(run, CancellationToken.None) is not { } response) return;
            var events = run.Tail.Events;
            response.Fold(events, clock.GetUtcNow());
            var claim = new ClaimedRun(response.Id, response.WorkspaceId, run.Epoch, events[^1].Sequence!.Value, run.Stalls);
            if (!await EndAsync(new FoldedRun(response, claim, events, run.Input.Count), run.Caller, RunFailure.Of(run.Refusal!), CancellationToken.None)) return;
            (run.Failure, run.Final) = (run.Refusal, ResponseJson.ToJson(response, response.Output.Select(ItemJson.ToJson)));
        }
        catch (Exception e)
        {
            LogNotStored(log, e);
        }
    }

    private List<WireEvent> Applied(Response response, IEnumerable<ResponseEvent> events, long next)
    {
        var wire = new List<WireEvent>();
        foreach (var @event in events) wire.Add(response.Append(@event, next++, clock.GetUtcNow()));
        return wire;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The end of a run could not be stored")]
    private static partial void LogNotStored(ILogger log, Exception exception);
}

/// <summary>A run that has ended: its final state, what the log holds of it, and the events that follow.</summary>
internal sealed record EndedRun(Response Response, Caller Caller, int InputCount, int Epoch, IReadOnlyList<WireEvent> Written, IReadOnlyList<WireEvent> Last)
{
    /// <summary>The input of a response that is not stored, for its conversation.</summary>
    public IReadOnlyList<InputItem>? Unstored { get; init; }
}
