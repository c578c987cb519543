using AiPlatform.Domain.Chat;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Chat.Responses;

/// <summary>
/// Deletes idempotency keys and responses past their time, with the items that nothing else refers to. Ancestors of a response that still lives are spared: its context is made
/// of them. Work for no workspace.
/// </summary>
public sealed record PurgeExpiredResponses : IRequest<int>;

internal sealed class PurgeExpiredResponsesHandler(IChatDb db, TimeProvider clock) : IRequestHandler<PurgeExpiredResponses, int>
{
    private const int AtOnce = 500;

    public async Task<int> Handle(PurgeExpiredResponses request, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var purged = 0;
        await db.IdempotencyKeys.Where(key => key.ExpiresAt <= now).ExecuteDeleteAsync(cancellationToken);
        while (true)
        {
            // A chain goes from its end, which nobody builds on, to its beginning; the next round finds the next link.
            var ids = await db.Responses
                .Where(response => response.ExpiresAt <= now && response.Status != ResponseStatus.InProgress && response.Status != ResponseStatus.Queued)
                .Where(response => !db.Responses.Any(later => later.PreviousResponseId == response.Id))
                .OrderBy(response => response.ExpiresAt).Take(AtOnce).Select(response => response.Id).ToListAsync(cancellationToken);
            if (ids.Count == 0) return purged;
            var items = await db.ResponseItems.Where(place => ids.Contains(place.ResponseId)).Select(place => place.ItemId).ToListAsync(cancellationToken);
            purged += await db.Responses.Where(response => ids.Contains(response.Id)).ExecuteDeleteAsync(cancellationToken);
            await db.DeleteOrphansAsync(items, cancellationToken);
        }
    }
}
