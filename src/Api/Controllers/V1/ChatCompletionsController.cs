using AiPlatform.Api.Errors;
using AiPlatform.Api.Streaming;
using AiPlatform.Application.Chat.Completions;
using AiPlatform.Application.Common;
using AiPlatform.Application.Inference.Contracts;
using AiPlatform.Domain.Identity;
using MediatR;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace AiPlatform.Api.Controllers.V1;

[ApiController]
[Route("v1/chat/completions")]
[Authorize(Policy = Scopes.Chat)]
[Tags("Chat completions")]
public sealed class ChatCompletionsController(IMediator mediator) : ControllerBase
{
    /// <summary>Answers a list of messages, in one piece or (<c>stream: true</c>) as server-sent events. Nothing is stored; hanging up stops the model.</summary>
    [HttpPost(Name = "createChatCompletion")]
    public async Task<IActionResult> Create([FromBody] ChatCompletionRequest body, CancellationToken cancellationToken) => body.Stream is true
        ? new SseResult(await mediator.Send(new StreamChat(body), cancellationToken), error => new WireEvent(null, ErrorWriter.Envelope(error)))
        : new JsonBytesResult(await mediator.Send(new CompleteChat(body), cancellationToken));
}
