using AiPlatform.Domain.Chat;
using AiPlatform.Domain.Common;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Chat;

internal static class ChatQueries
{
    /// <summary>The response of this wire id: the caller's workspace's own, and not expired.</summary>
    public static async Task<Response> RequireResponseAsync(this IChatDb db, string wireId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var id = Ids.Parse<ResponseId>(wireId);
        return await db.Responses.AsNoTracking().SingleOrDefaultAsync(response => response.Id == id && response.ExpiresAt > now, cancellationToken)
            ?? throw NotFound.Of("Response", wireId);
    }

    public static async Task<Conversation> RequireConversationAsync(this IChatDb db, string wireId, CancellationToken cancellationToken, string? param = null)
    {
        var id = Ids.Parse<ConversationId>(wireId);
        return await db.Conversations.SingleOrDefaultAsync(conversation => conversation.Id == id, cancellationToken)
            ?? throw new NotFound("not_found", $"Conversation with id '{wireId}' not found.", param);
    }

    public static Task<List<string>> OutputOfAsync(this IChatDb db, ResponseId id, CancellationToken cancellationToken) => (
        from place in db.ResponseItems
        join item in db.Items on place.ItemId equals item.Id
        where place.ResponseId == id && place.IsOutput
        orderby place.Ordinal
        select item.Json).ToListAsync(cancellationToken);

    /// <summary>Deletes those of the items that neither a conversation nor a response refers to any more.</summary>
    public static Task DeleteOrphansAsync(this IChatDb db, IReadOnlyCollection<ItemId> items, CancellationToken cancellationToken) => db.Items
        .Where(item => items.Contains(item.Id))
        .Where(item => !db.ConversationItems.Any(place => place.ItemId == item.Id))
        .Where(item => !db.ResponseItems.Any(place => place.ItemId == item.Id))
        .ExecuteDeleteAsync(cancellationToken);
}
