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
    /// Creates a response: in one piece, as server-sent events (<c>stream: true</c>), or to be asked for later (<c>background: true</c>). A stored response
    /// goes on when the connection ends, and its stream can be taken up again; one with <c>store: false</c> ends with the connection.
    /// </summary>
    /// <param name="body">The request.</param>
    /// <param name="idempotencyKey">A name of your own for this request. Sending it again within 24 hours gets the same response instead of another one.</param>
    /// <param name="cancellationToken">Ends when the client hangs up.</param>
    [HttpPost(Name = "createResponse")]
    public async Task<IActionResult> Create(
        [FromBody] CreateResponseRequest body, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey, CancellationToken cancellationToken)
    {
        var started = await mediator.Send(new CreateResponse(body, idempotencyKey, HttpContext.RequestAborted), cancellationToken);
        if (body.Stream is true) return new SseResult(started.FollowAsync(cancellationToken), ResponseErrors.InBand);
        return new JsonBytesResult(body.Background is true ? started.Created : await started.WaitAsync(cancellationToken));
    }

    /// <summary>
    /// Shows a response as it is now; or (<c>stream=true</c>) streams its events, from the first or after the one whose number is given, as long as the
    /// response is kept.
    /// </summary>
    /// <param name="id">The response's id.</param>
    /// <param name="stream">Whether to stream.</param>
    /// <param name="startingAfter">The <c>sequence_number</c> of the last event you have. The header <c>Last-Event-ID</c> does the same.</param>
    /// <param name="lastEventId">What an <c>EventSource</c> sends when it reconnects.</param>
    /// <param name="cancellationToken">Ends when the client hangs up.</param>
    [HttpGet("{id}", Name = "getResponse")]
    public async Task<IActionResult> Get(
        string id,
        [FromQuery] bool? stream,
        [FromQuery(Name = "starting_after")] long? startingAfter,
        [FromHeader(Name = "Last-Event-ID")] long? lastEventId,
        CancellationToken cancellationToken) => stream is true
        ? new SseResult(await mediator.Send(new FollowResponse(id, startingAfter ?? lastEventId), cancellationToken), ResponseErrors.InBand) { StartsAtOnce = true }
        : new JsonBytesResult(await mediator.Send(new GetResponse(id), cancellationToken));

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
