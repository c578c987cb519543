using AiPlatform.Application.Chat.Conversations;
using AiPlatform.Application.Common;
using AiPlatform.Domain.Identity;
using MediatR;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace AiPlatform.Api.Controllers.Platform;

/// <summary>What the API of conversations lacks: a list, and titles.</summary>
[ApiController]
[Route("api/conversations")]
[Authorize(Policy = Scopes.Chat)]
[Tags("Conversation list")]
public sealed class ConversationListController(IMediator mediator) : ControllerBase
{
    /// <summary>Lists one's own conversations, the latest first.</summary>
    [HttpGet(Name = "listConversations")]
    public Task<Page<ConversationEntry>> List([FromQuery] int? limit, [FromQuery] string? after, [FromQuery] string? query, CancellationToken cancellationToken) =>
        mediator.Send(new ListConversations(limit, after, query), cancellationToken);

    /// <summary>Reads one entry of the list, with the outcome of the conversation's latest response.</summary>
    [HttpGet("{id}", Name = "getConversationEntry")]
    public Task<OpenedConversation> Get(string id, CancellationToken cancellationToken) =>
        mediator.Send(new GetConversationEntry(id), cancellationToken);

    /// <summary>Renames a conversation.</summary>
    [HttpPatch("{id}", Name = "renameConversation")]
    public Task<ConversationEntry> Rename(string id, [FromBody] RenameConversationBody body, CancellationToken cancellationToken) =>
        mediator.Send(new RenameConversation(id, body.Title), cancellationToken);

    public sealed record RenameConversationBody(string Title);
}
