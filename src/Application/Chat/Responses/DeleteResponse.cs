using AiPlatform.Application.Chat.Runs;
using AiPlatform.Application.Common;
using AiPlatform.Domain.Common;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Chat.Responses;

/// <summary>Deletes a response; responses that build on it cannot be continued any more. One in progress is stopped first.</summary>
public sealed record DeleteResponse(string Id) : IRequest<Deleted>;

internal sealed class DeleteResponseHandler(IChatDb db, RunCanceller canceller, TimeProvider clock) : IRequestHandler<DeleteResponse, Deleted>
{
    public async Task<Deleted> Handle(DeleteResponse request, CancellationToken cancellationToken)
    {
        var response = await db.RequireResponseAsync(request.Id, clock.GetUtcNow(), cancellationToken);
        await canceller.CancelAsync(response.Id, cancellationToken);
        var items = await db.ResponseItems.Where(place => place.ResponseId == response.Id).Select(place => place.ItemId).ToListAsync(cancellationToken);
        await db.Responses.Where(other => other.Id == response.Id).ExecuteDeleteAsync(cancellationToken);
        await db.DeleteOrphansAsync(items, cancellationToken);
        return new Deleted(response.Id.ToWire(), "response");
    }
}
