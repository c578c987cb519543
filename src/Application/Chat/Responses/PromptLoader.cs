using System.Text.Json;
using AiPlatform.Application.Chat.Wire;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Inference.Contracts;
using AiPlatform.Domain.Chat;
using AiPlatform.Domain.Common;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Chat.Responses;

/// <summary>A request's model, its own input, and all that the model is to read: what the response builds on, instructions and input.</summary>
internal sealed record Prompt(
    ModelDescriptor Model, IReadOnlyList<InputItem> Input, IReadOnlyList<ChatMessage> Messages, Conversation? Conversation, ResponseId? Previous);

/// <summary>Gathers the prompt of a new response from its conversation or its chain of predecessors.</summary>
internal sealed class PromptLoader(IChatDb db, IChatHistory history, ICaller caller, IModelCatalogue catalogue, ChatOptions options, TimeProvider clock)
{
    public async Task<Prompt> LoadAsync(CreateResponseRequest request, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var model = await catalogue.RequireAsync(ModelOf(request), cancellationToken);
        var input = await db.ResolveAsync(new InputReader("input", now).Read(request.Input), cancellationToken);
        var (conversation, previous, items) = await LoadContextAsync(request, now, cancellationToken);
        if (input.Count == 0 && items.Count == 0) throw new InvalidRequest("missing_required_parameter", "Send input: a text or a list of items.", "input");
        var messages = PromptBuilder.ToMessages(request.Instructions, items.Concat(input.Select(item => item.Json)));
        return new Prompt(model, input, messages, conversation, previous);
    }

    private string ModelOf(CreateResponseRequest request) => request.Model is { Length: > 0 } named
        ? named
        : options.DefaultModel ?? throw new InvalidRequest("missing_required_parameter", "Name a model; GET /v1/models lists them. The operator can set a default by Chat:DefaultModel.", "model");

    private async Task<(Conversation? Conversation, ResponseId? Previous, IReadOnlyList<string> Items)> LoadContextAsync(
        CreateResponseRequest request, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var workspace = caller.Current.WorkspaceId;
        if (ConversationIdOf(request) is { } conversationId)
        {
            var conversation = await db.RequireConversationAsync(conversationId, cancellationToken, "conversation");
            return (conversation, null, await history.OfConversationAsync(workspace, conversation.Id, cancellationToken));
        }

        if (request.PreviousResponseId is not { } previousId) return (null, null, []);
        var id = Ids.Parse<ResponseId>(previousId);
        var previous = await db.Responses.AsNoTracking().SingleOrDefaultAsync(response => response.Id == id && response.ExpiresAt > now, cancellationToken)
            ?? throw Broken($"The previous response '{previousId}' was not found: it was deleted, has expired, or was created with store: false.", "previous_response_not_found");
        if (!previous.IsFinal) throw Broken($"The previous response '{previousId}' is still in progress. Wait until it ends.", "previous_response_in_progress");
        var items = await history.OfChainAsync(workspace, previous.Id, cancellationToken)
            ?? throw Broken($"A predecessor of the response '{previousId}' has been deleted, so its context is lost. Start a new chain.", "previous_response_not_found");
        return (null, previous.Id, items);
    }

    private static string? ConversationIdOf(CreateResponseRequest request) => request.Conversation switch
    {
        { ValueKind: JsonValueKind.String } id => id.GetString(),
        { ValueKind: JsonValueKind.Object } conversation => conversation.GetProperty("id").GetString(),
        _ => null,
    };

    private static InvalidRequest Broken(string message, string code) => new(code, message, "previous_response_id");
}
