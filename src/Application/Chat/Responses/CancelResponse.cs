using AiPlatform.Application.Chat.Runs;
using MediatR;

namespace AiPlatform.Application.Chat.Responses;

/// <summary>
/// Stops a response; what it produced so far is kept. Cancelling one that is final changes nothing. The result is the response object as JSON.
/// </summary>
public sealed record CancelResponse(string Id) : IRequest<ReadOnlyMemory<byte>>;

internal sealed class CancelResponseHandler(IChatDb db, RunCanceller canceller, TimeProvider clock) : IRequestHandler<CancelResponse, ReadOnlyMemory<byte>>
{
    public async Task<ReadOnlyMemory<byte>> Handle(CancelResponse request, CancellationToken cancellationToken) =>
        await canceller.CancelAsync((await db.RequireResponseAsync(request.Id, clock.GetUtcNow(), cancellationToken)).Id, cancellationToken);
}
