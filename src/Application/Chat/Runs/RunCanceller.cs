using AiPlatform.Application.Chat.Wire;
using AiPlatform.Domain.Chat;
using AiPlatform.Domain.Common;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Chat.Runs;

/// <summary>Stops a response, wherever it runs; what it produced so far is kept. One that is final stays as it is.</summary>
internal sealed class RunCanceller(IChatDb db, ResponseRuns runs, RunEnding endings, IRunLog runLog, IRunSignals signals, TimeProvider clock)
{
    private const int Attempts = 20;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>The response object afterwards, as JSON.</summary>
    public async Task<ReadOnlyMemory<byte>> CancelAsync(ResponseId id, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var response = await db.Responses.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancellationToken) ?? throw NotFound.Of("Response", id.ToWire());
            if (response.IsFinal) return ResponseJson.ToJson(response, await db.OutputOfAsync(id, cancellationToken));
            if (runs.Find(id) is { } run)
            {
                run.Stop(StopReason.Cancelled);
                await run.Completion.WaitAsync(cancellationToken);
            }
            else if (!await TakeAndEndAsync(response, cancellationToken))
            {
                // Somebody else is ending it at this moment.
                await Task.Delay(Pause, clock, cancellationToken);
            }
        }

        throw new Unavailable("response_busy", "The response could not be stopped: its owner changes. Try again shortly.", TimeSpan.FromSeconds(1));
    }

    private async Task<bool> TakeAndEndAsync(Response response, CancellationToken cancellationToken)
    {
        // From here on its owner can write nothing more, and is told to stop the model.
        if (await runLog.SeizeAsync(response.WorkspaceId, response.Id, cancellationToken) is not { } claim) return false;
        signals.Changed(response.Id);
        if (await runLog.ReadRunAsync(response.WorkspaceId, response.Id, cancellationToken) is not { } events) return false;
        response.Fold(events, clock.GetUtcNow());
        var inputs = await db.ResponseItems.CountAsync(place => place.ResponseId == response.Id && !place.IsOutput, cancellationToken);
        return await endings.EndAsync(new FoldedRun(response, claim, events, inputs), FoldedRun.CallerOf(response), new ResponseEvent.Cancelled(), cancellationToken);
    }
}
