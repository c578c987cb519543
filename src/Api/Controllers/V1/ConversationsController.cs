using System.Text.Json;
using AiPlatform.Api.Streaming;
using AiPlatform.Application.Chat;
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
    [HttpPost]
    public Task<ConversationView> Create([FromBody] CreateConversation? body, CancellationToken cancellationToken) =>
        mediator.Send(body ?? new CreateConversation(null, null), cancellationToken);

    [HttpGet("{id}")]
    public Task<ConversationView> Get(string id, CancellationToken cancellationToken) => mediator.Send(new GetConversation(id), cancellationToken);

    /// <summary>Replaces a conversation's metadata.</summary>
    [HttpPost("{id}")]
    public Task<ConversationView> Update(string id, [FromBody] UpdateBody body, CancellationToken cancellationToken) =>
        mediator.Send(new UpdateConversation(id, body.Metadata), cancellationToken);

    /// <summary>Deletes a conversation. Responses made in it stay until they expire.</summary>
    [HttpDelete("{id}")]
    public Task<Deleted> Delete(string id, CancellationToken cancellationToken) => mediator.Send(new DeleteConversation(id), cancellationToken);

    /// <summary>Adds up to 20 items.</summary>
    [HttpPost("{id}/items")]
    public async Task<IActionResult> AddItems(string id, [FromBody] ItemsBody body, CancellationToken cancellationToken) =>
        new JsonBytesResult((await mediator.Send(new AddConversationItems(id, body.Items), cancellationToken)).Json);

    [HttpGet("{id}/items")]
    public async Task<IActionResult> ListItems(string id, [FromQuery] PageRequest page, CancellationToken cancellationToken) =>
        new JsonBytesResult((await mediator.Send(new ListConversationItems(id, page), cancellationToken)).Json);

    [HttpGet("{id}/items/{itemId}")]
    public async Task<IActionResult> GetItem(string id, string itemId, CancellationToken cancellationToken) =>
        new JsonBytesResult(await mediator.Send(new GetConversationItem(id, itemId), cancellationToken));

    /// <summary>Takes an item out of a conversation. Responses that had it keep it.</summary>
    [HttpDelete("{id}/items/{itemId}")]
    public Task<ConversationView> DeleteItem(string id, string itemId, CancellationToken cancellationToken) =>
        mediator.Send(new DeleteConversationItem(id, itemId), cancellationToken);

    public sealed record UpdateBody(Dictionary<string, string>? Metadata);

    public sealed record ItemsBody(JsonElement? Items);
}
