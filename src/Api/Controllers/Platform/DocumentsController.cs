using AiPlatform.Api.Streaming;
using AiPlatform.Application.Knowledge.VectorStores;
using AiPlatform.Domain.Identity;
using MediatR;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace AiPlatform.Api.Controllers.Platform;

/// <summary>What the API of vector stores lacks: their progress as it happens, and documents to be read.</summary>
[ApiController]
[Route("api")]
[Authorize(Policy = Scopes.Documents)]
[Tags("Documents")]
public sealed class DocumentsController(IMediator mediator) : ControllerBase
{
    /// <summary>Says which documents can be read, how large they may be, and which model embeds them.</summary>
    [HttpGet("documents/settings", Name = "getDocumentSettings")]
    public Task<DocumentSettings> Settings(CancellationToken cancellationToken) => mediator.Send(new GetDocumentSettings(), cancellationToken);

    /// <summary>
    /// Follows the files of a vector store as server-sent events: first a `snapshot` of the newest 500, then a `file` for each that changes and a `deleted`
    /// for each that goes. The stream ends when the store is deleted, when the server stops, and every half hour: open it again.
    /// </summary>
    [HttpGet("vector_stores/{id}/events", Name = "followVectorStore")]
    public async Task<IActionResult> Follow(string id, CancellationToken cancellationToken) =>
        new SseResult(await mediator.Send(new FollowStore(id), cancellationToken), ResponseErrors.InBand) { StartsAtOnce = true, EndsWithServer = true };

    /// <summary>Reads the text of a document for people, by its pages and their headings, paragraphs and tables.</summary>
    /// <param name="id">The vector store's id.</param>
    /// <param name="fileId">The file's id.</param>
    /// <param name="page">From which page on: its number, or <c>next_page</c> of the answer before.</param>
    /// <param name="cancellationToken">Ends when the client hangs up.</param>
    [HttpGet("vector_stores/{id}/files/{fileId}/text", Name = "readDocument")]
    public Task<DocumentText> Read(string id, string fileId, [FromQuery] string? page, CancellationToken cancellationToken) =>
        mediator.Send(new ReadDocument(id, fileId, page), cancellationToken);
}
