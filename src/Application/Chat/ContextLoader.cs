using System.Text.Json;
using AiPlatform.Application.Chat.Wire;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Domain.Chat;
using AiPlatform.Domain.Common;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Chat;

/// <summary>What a new response builds on: the items of its conversation, or of its chain of predecessors, or nothing.</summary>
internal sealed record ResponseContext(Conversation? Conversation, ResponseId? Previous, IReadOnlyList<string> Items);

internal sealed class ContextLoader(IChatDb db, IChatHistory history, ICaller caller)
{
    public async Task<ResponseContext> LoadAsync(CreateResponseRequest request, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var workspace = caller.Current.WorkspaceId;
        if (ConversationIdOf(request) is { } conversationId)
        {
            var conversation = await db.RequireConversationAsync(conversationId, cancellationToken, "conversation");
            return new ResponseContext(conversation, null, await history.OfConversationAsync(workspace, conversation.Id, cancellationToken));
        }

        if (request.PreviousResponseId is not { } previousId) return new ResponseContext(null, null, []);
        var id = Ids.Parse<ResponseId>(previousId);
        var previous = await db.Responses.AsNoTracking().SingleOrDefaultAsync(response => response.Id == id && response.ExpiresAt > now, cancellationToken)
            ?? throw Broken($"The previous response '{previousId}' was not found: it was deleted, has expired, or was created with store: false.", "previous_response_not_found");
        if (!previous.IsFinal) throw Broken($"The previous response '{previousId}' is still in progress. Wait until it ends.", "previous_response_in_progress");
        var items = await history.OfChainAsync(workspace, previous.Id, cancellationToken)
            ?? throw Broken($"A predecessor of the response '{previousId}' has been deleted, so its context is lost. Start a new chain.", "previous_response_not_found");
        return new ResponseContext(null, previous.Id, items);
    }

    private static string? ConversationIdOf(CreateResponseRequest request) => request.Conversation switch
    {
        { ValueKind: JsonValueKind.String } id => id.GetString(),
        { ValueKind: JsonValueKind.Object } conversation => conversation.GetProperty("id").GetString(),
        _ => null,
    };

    private static InvalidRequest Broken(string message, string code) => new(code, message, "previous_response_id");
}
