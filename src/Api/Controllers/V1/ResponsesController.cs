using AiPlatform.Api.Streaming;
using AiPlatform.Application.Chat.Responses;
using AiPlatform.Application.Chat.Wire;
using AiPlatform.Application.Common;
using AiPlatform.Domain.Identity;
using MediatR;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace AiPlatform.Api.Controllers.V1;

[ApiController]
[Route("v1/responses")]
[Authorize(Policy = Scopes.Chat)]
[Tags("Responses")]
public sealed class ResponsesController(IMediator mediator) : ControllerBase
{
    /// <summary>
    /// Creates a response, in one piece or (<c>stream: true</c>) as server-sent events. A stored response goes on when the connection ends; one with
    /// <c>store: false</c> ends with it.
    /// </summary>
    [HttpPost(Name = "createResponse")]
    public async Task<IActionResult> Create([FromBody] CreateResponseRequest body, CancellationToken cancellationToken)
    {
        var run = await mediator.Send(new CreateResponse(body, HttpContext.RequestAborted), cancellationToken);
        return body.Stream is true
            ? new SseResult(run.Tail.ReadAsync(cancellationToken), ResponseErrors.InBand)
            : new JsonBytesResult(await run.WaitAsync(cancellationToken));
    }

    /// <summary>Shows a response as it is now.</summary>
    [HttpGet("{id}", Name = "getResponse")]
    public async Task<IActionResult> Get(string id, [FromQuery] bool? stream, CancellationToken cancellationToken) =>
        new JsonBytesResult(await mediator.Send(new GetResponse(id, stream), cancellationToken));

    /// <summary>Deletes a response. Others that build on it cannot be continued any more.</summary>
    [HttpDelete("{id}", Name = "deleteResponse")]
    public Task<Deleted> Delete(string id, CancellationToken cancellationToken) => mediator.Send(new DeleteResponse(id), cancellationToken);

    /// <summary>Stops a response; what it produced so far is kept. Stopping one that has ended changes nothing.</summary>
    [HttpPost("{id}/cancel", Name = "cancelResponse")]
    public async Task<IActionResult> Cancel(string id, CancellationToken cancellationToken) => new JsonBytesResult(await mediator.Send(new CancelResponse(id), cancellationToken));

    /// <summary>Counts the tokens that a response of this body would read, without asking the model.</summary>
    [HttpPost("input_tokens", Name = "countInputTokens")]
    public Task<InputTokens> CountInputTokens([FromBody] CreateResponseRequest body, CancellationToken cancellationToken) =>
        mediator.Send(new CountInputTokens(body), cancellationToken);

    /// <summary>Lists what a response was given.</summary>
    [HttpGet("{id}/input_items", Name = "listInputItems")]
    public async Task<IActionResult> ListInputItems(string id, [FromQuery] PageRequest page, CancellationToken cancellationToken) =>
        new JsonBytesResult((await mediator.Send(new ListInputItems(id, page), cancellationToken)).Json);
}
