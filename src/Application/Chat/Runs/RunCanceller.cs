using AiPlatform.Application.Chat.Wire;
using AiPlatform.Domain.Chat;

namespace AiPlatform.Application.Chat.Runs;

/// <summary>Stops a response, wherever it runs; what it produced so far is kept. One that is final stays as it is.</summary>
internal sealed class RunCanceller(IChatDb db, ResponseRuns runs, TimeProvider clock)
{
    /// <summary>The response object afterwards, as JSON.</summary>
    public async Task<ReadOnlyMemory<byte>> CancelAsync(Response response, CancellationToken cancellationToken)
    {
        if (response.IsFinal) return ResponseJson.ToJson(response, await db.OutputOfAsync(response.Id, cancellationToken));
        if (runs.Find(response.Id) is { } run)
        {
            run.Stop(StopReason.Cancelled);
            await run.Completion.WaitAsync(cancellationToken);
            return (await StoredRun.LoadAsync(db, response.Id, cancellationToken)).Json;
        }

        // Another process runs it: take it away. Its owner finds the new epoch when it next renews its lease, and stops.
        response.TakeOver();
        response.Apply(new ResponseEvent.Cancelled(), clock.GetUtcNow());
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            return ResponseJson.ToJson(response, []);
        }
        catch (RunLost)
        {
            return (await StoredRun.LoadAsync(db, response.Id, cancellationToken)).Json;
        }
    }
}
