using System.Text.Json;
using AiPlatform.Api.Streaming;
using AiPlatform.Application.Chat.Conversations;
using AiPlatform.Application.Common;
using AiPlatform.Domain.Identity;
using MediatR;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace AiPlatform.Api.Controllers.V1;

[ApiController]
[Route("v1/conversations")]
[Authorize(Policy = Scopes.Chat)]
[Tags("Conversations")]
public sealed class ConversationsController(IMediator mediator) : ControllerBase
{
    /// <summary>Starts a conversation, with up to 20 items.</summary>
    [HttpPost(Name = "createConversation")]
    public Task<ConversationView> Create([FromBody] CreateConversation? body, CancellationToken cancellationToken) =>
        mediator.Send(body ?? new CreateConversation(null, null), cancellationToken);

    /// <summary>Shows a conversation, without its items.</summary>
    [HttpGet("{id}", Name = "getConversation")]
    public Task<ConversationView> Get(string id, CancellationToken cancellationToken) => mediator.Send(new GetConversation(id), cancellationToken);

    /// <summary>Replaces a conversation's metadata.</summary>
    [HttpPost("{id}", Name = "updateConversation")]
    public Task<ConversationView> Update(string id, [FromBody] UpdateConversationBody body, CancellationToken cancellationToken) =>
        mediator.Send(new UpdateConversation(id, body.Metadata), cancellationToken);

    /// <summary>Deletes a conversation. Responses made in it stay until they expire.</summary>
    [HttpDelete("{id}", Name = "deleteConversation")]
    public Task<Deleted> Delete(string id, CancellationToken cancellationToken) => mediator.Send(new DeleteConversation(id), cancellationToken);

    /// <summary>Adds up to 20 items to a conversation, and lists them as they are stored.</summary>
    [HttpPost("{id}/items", Name = "createConversationItems")]
    public async Task<IActionResult> AddItems(string id, [FromBody] ConversationItemsBody body, CancellationToken cancellationToken) =>
        new JsonBytesResult((await mediator.Send(new AddConversationItems(id, body.Items), cancellationToken)).Json);

    /// <summary>Lists the items of a conversation, the newest first unless <c>order</c> is <c>asc</c>.</summary>
    [HttpGet("{id}/items", Name = "listConversationItems")]
    public async Task<IActionResult> ListItems(string id, [FromQuery] PageRequest page, CancellationToken cancellationToken) =>
        new JsonBytesResult((await mediator.Send(new ListConversationItems(id, page), cancellationToken)).Json);

    /// <summary>Shows one item of a conversation.</summary>
    [HttpGet("{id}/items/{itemId}", Name = "getConversationItem")]
    public async Task<IActionResult> GetItem(string id, string itemId, CancellationToken cancellationToken) =>
        new JsonBytesResult(await mediator.Send(new GetConversationItem(id, itemId), cancellationToken));

    /// <summary>Takes an item out of a conversation. Responses that had it keep it.</summary>
    [HttpDelete("{id}/items/{itemId}", Name = "deleteConversationItem")]
    public Task<ConversationView> DeleteItem(string id, string itemId, CancellationToken cancellationToken) =>
        mediator.Send(new DeleteConversationItem(id, itemId), cancellationToken);

    public sealed record UpdateConversationBody(Dictionary<string, string>? Metadata);

    public sealed record ConversationItemsBody(JsonElement? Items);
}
