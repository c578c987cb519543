using AiPlatform.Application.Inference;
using AiPlatform.Domain.Identity;
using MediatR;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace AiPlatform.Api.Controllers.V1;

[ApiController]
[Route("v1/embeddings")]
[Authorize(Policy = Scopes.Embeddings)]
[Tags("Embeddings")]
public sealed class EmbeddingsController(IMediator mediator) : ControllerBase
{
    /// <summary>Turns texts into vectors.</summary>
    [HttpPost(Name = "createEmbedding")]
    public Task<EmbeddingList> Create([FromBody] EmbeddingRequest body, CancellationToken cancellationToken) =>
        mediator.Send(new CreateEmbeddings(body), cancellationToken);
}
