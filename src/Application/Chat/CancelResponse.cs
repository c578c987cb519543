using AiPlatform.Application.Chat.Wire;
using AiPlatform.Domain.Chat;
using MediatR;

namespace AiPlatform.Application.Chat;

/// <summary>
/// Stops a response; what it produced so far is kept. Cancelling one that is final changes nothing. The result is the response object as JSON.
/// </summary>
public sealed record CancelResponse(string Id) : IRequest<ReadOnlyMemory<byte>>;

internal sealed class CancelResponseHandler(IChatDb db, ResponseRuns runs, TimeProvider clock) : IRequestHandler<CancelResponse, ReadOnlyMemory<byte>>
{
    public async Task<ReadOnlyMemory<byte>> Handle(CancelResponse request, CancellationToken cancellationToken)
    {
        var response = await db.RequireResponseAsync(request.Id, clock.GetUtcNow(), cancellationToken);
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
