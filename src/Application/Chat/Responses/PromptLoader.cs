using System.Text.Json;
using AiPlatform.Application.Chat.Answers;
using AiPlatform.Application.Chat.Wire;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Inference.Contracts;
using AiPlatform.Application.Knowledge.Contracts;
using AiPlatform.Domain.Chat;
using AiPlatform.Domain.Common;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Chat.Responses;

/// <summary>A request's model, its own input, the items it builds on, and all that the model is to read: these, instructions and input.</summary>
internal sealed record Prompt(
    ModelDescriptor Model,
    IReadOnlyList<InputItem> Input,
    IReadOnlyList<string> Context,
    IReadOnlyList<ChatMessage> Messages,
    Conversation? Conversation,
    ResponseId? Previous);

/// <summary>The call of the model for a response that exists, and its input.</summary>
internal sealed record ResumedPrompt(ModelCall Call, FileSearchTool? FileSearch, IReadOnlyList<InputItem> Input, bool Generates);

/// <summary>Gathers the prompt of a response from its conversation or its chain of predecessors.</summary>
internal sealed class PromptLoader(
    IChatDb db, IChatHistory history, IDocumentSearch documents, ContextWindow window, ICaller caller, IModelCatalogue catalogue, ChatOptions options, TimeProvider clock)
{
    /// <param name="request">The request.</param>
    /// <param name="unstored">What else it may build on.</param>
    /// <param name="cancellationToken">Ends when nobody waits any more.</param>
    public async Task<Prompt> LoadAsync(CreateResponseRequest request, UnstoredResponses? unstored, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var model = await catalogue.RequireAsync(ModelOf(request), cancellationToken);
        if (FileSearchTool.In(request) is { } tool)
            await documents.RequireStoresAsync(caller.Current.WorkspaceId, tool.StoreIds, $"{tool.Param}.vector_store_ids", cancellationToken);
        var input = await db.ResolveAsync(new InputReader("input", now).Read(request.Input), cancellationToken);
        var (conversation, previous, items) = await LoadContextAsync(request, unstored, now, cancellationToken);
        if (input.Count == 0 && items.Count == 0 && request.Generate is not false) throw new InvalidRequest("missing_required_parameter", "Send input: a text or a list of items.", "input");
        return new Prompt(model, input, items, MessagesOf(request, items, input), conversation, previous);
    }

    /// <summary>The call of the model, with as much of the prompt as fits, and how many turns did not.</summary>
    public (ModelCall Call, int DroppedTurns) ToCall(CreateResponseRequest request, ModelDescriptor model, IReadOnlyList<ChatMessage> messages)
    {
        var (fitting, dropped) = window.Fit(model, messages, request.MaxOutputTokens, mayDrop: request.Truncation == "auto");
        return (new ModelCall(model, ResponseTranslation.ToChat(request, fitting) with { Model = model.Id }), dropped);
    }

    /// <summary>The same prompt once more, for a run that goes on elsewhere. What it builds on may be gone by then.</summary>
    public async Task<ResumedPrompt> ReloadAsync(Response response, CancellationToken cancellationToken)
    {
        var workspace = response.WorkspaceId;
        var request = RequestJson.Parse(response.Request ?? throw new InvalidRequest("request_unknown", "the version of the server that took it did not keep the request."));
        var model = await catalogue.RequireAsync(request.Model is { Length: > 0 } named ? named : response.Model, cancellationToken);
        var input = await (
            from place in db.ResponseItems
            join item in db.Items on place.ItemId equals item.Id
            where place.ResponseId == response.Id && !place.IsOutput
            orderby place.Ordinal
            select new InputItem(item.Id, item.Type, item.Json, false)).ToListAsync(cancellationToken);
        var items = response switch
        {
            { ConversationId: { } conversation } => await history.OfConversationBeforeAsync(workspace, conversation, response.Id, cancellationToken),
            { PreviousResponseId: { } previous } => await history.OfChainAsync(workspace, previous, cancellationToken) ?? throw Broken("a response it continues has been deleted.", "previous_response_not_found"),
            _ => [],
        };
        return new ResumedPrompt(ToCall(request, model, MessagesOf(request, items, input)).Call, FileSearchTool.UsableIn(request), input, request.Generate is not false);
    }

    private static List<ChatMessage> MessagesOf(CreateResponseRequest request, IReadOnlyList<string> items, IReadOnlyList<InputItem> input) =>
        PromptBuilder.ToMessages(request.Instructions, items.Concat(input.Select(item => item.Json)));

    private string ModelOf(CreateResponseRequest request) => request.Model is { Length: > 0 } named
        ? named
        : options.DefaultModel ?? throw new InvalidRequest("missing_required_parameter", "Name a model; GET /v1/models lists them. The operator can set a default by Chat:DefaultModel.", "model");

    private async Task<(Conversation? Conversation, ResponseId? Previous, IReadOnlyList<string> Items)> LoadContextAsync(
        CreateResponseRequest request, UnstoredResponses? unstored, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var workspace = caller.Current.WorkspaceId;
        if (ConversationIdOf(request) is { } conversationId)
        {
            var conversation = await db.RequireConversationAsync(conversationId, cancellationToken, "conversation");
            return (conversation, null, await history.OfConversationAsync(workspace, conversation.Id, cancellationToken));
        }

        if (request.PreviousResponseId is not { } previousId) return (null, null, []);
        var id = Ids.Parse<ResponseId>(previousId);
        if (id is { } known && unstored?.Find(known) is { } kept)
        {
            // Nobody could rebuild its context later, neither a chain that goes on from it nor another process that takes the run over.
            if (request.Store is not false) throw Broken($"The previous response '{previousId}' is not stored, so no stored response can build on it. Send store: false, or the whole context as input.", "previous_response_not_stored");
            return (null, id, kept);
        }

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
