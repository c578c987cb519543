using System.Text.Json;
using AiPlatform.Application.Common;
using AiPlatform.Application.Knowledge.VectorStores;
using AiPlatform.Domain.Identity;
using MediatR;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace AiPlatform.Api.Controllers.V1;

[ApiController]
[Route("v1/vector_stores/{id}/files")]
[Authorize(Policy = Scopes.Documents)]
[Tags("Vector store files")]
public sealed class VectorStoreFilesController(IMediator mediator) : ControllerBase
{
    /// <summary>
    /// Attaches a file, which is then ingested. One that is there already, with the same settings, is shown as it is; one that failed or was cancelled
    /// begins anew.
    /// </summary>
    [HttpPost(Name = "createVectorStoreFile")]
    public Task<VectorStoreFileView> Attach(string id, [FromBody] FileAttachment body, CancellationToken cancellationToken) =>
        mediator.Send(new AttachFile(id, body), cancellationToken);

    /// <summary>Lists the files of a vector store, the one attached last first unless <c>order</c> is <c>asc</c>.</summary>
    [HttpGet(Name = "listVectorStoreFiles")]
    public Task<Page<VectorStoreFileView>> List(string id, [FromQuery] CursorRequest page, [FromQuery] string? filter, CancellationToken cancellationToken) =>
        mediator.Send(new ListStoreFiles(id, page, filter), cancellationToken);

    /// <summary>Shows a file of a vector store, and how far its ingestion has come.</summary>
    [HttpGet("{fileId}", Name = "getVectorStoreFile")]
    public Task<VectorStoreFileView> Get(string id, string fileId, CancellationToken cancellationToken) => mediator.Send(new GetStoreFile(id, fileId), cancellationToken);

    /// <summary>Replaces the attributes of a file.</summary>
    [HttpPost("{fileId}", Name = "updateVectorStoreFileAttributes")]
    public Task<VectorStoreFileView> Update(string id, string fileId, [FromBody] AttributesBody body, CancellationToken cancellationToken) =>
        mediator.Send(new UpdateStoreFile(id, fileId, body.Attributes), cancellationToken);

    /// <summary>Takes a file out of a vector store, also while it is being ingested. The file itself stays.</summary>
    [HttpDelete("{fileId}", Name = "deleteVectorStoreFile")]
    public Task<Deleted> Detach(string id, string fileId, CancellationToken cancellationToken) => mediator.Send(new DetachFile(id, fileId), cancellationToken);

    /// <summary>Has a file that failed or was cancelled go on from the step where it ended. Not in the OpenAI API.</summary>
    [HttpPost("{fileId}/retry", Name = "retryVectorStoreFile")]
    public Task<VectorStoreFileView> Retry(string id, string fileId, CancellationToken cancellationToken) => mediator.Send(new RetryStoreFile(id, fileId), cancellationToken);

    /// <summary>Reads the text of a file as it was extracted, an entry for each page of the document, 50 at a time.</summary>
    /// <param name="id">The vector store's id.</param>
    /// <param name="fileId">The file's id.</param>
    /// <param name="page">Where to go on: <c>next_page</c> of the answer before.</param>
    /// <param name="cancellationToken">Ends when the client hangs up.</param>
    [HttpGet("{fileId}/content", Name = "retrieveVectorStoreFileContent")]
    public Task<FileContentPage> Content(string id, string fileId, [FromQuery] string? page, CancellationToken cancellationToken) =>
        mediator.Send(new ReadFileContent(id, fileId, page), cancellationToken);

    public sealed record AttributesBody(JsonElement? Attributes);
}
