using AiPlatform.Application.Common;
using AiPlatform.Application.Knowledge.VectorStores;
using AiPlatform.Application.Knowledge.VectorStores.FileBatches;
using AiPlatform.Domain.Identity;
using MediatR;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace AiPlatform.Api.Controllers.V1;

[ApiController]
[Route("v1/vector_stores/{id}/file_batches")]
[Authorize(Policy = Scopes.Documents)]
[Tags("File batches")]
public sealed class FileBatchesController(IMediator mediator) : ControllerBase
{
    /// <summary>Attaches up to 2,000 files at once.</summary>
    [HttpPost(Name = "createVectorStoreFileBatch")]
    public Task<FileBatchView> Create(string id, [FromBody] FileBatchRequest body, CancellationToken cancellationToken) =>
        mediator.Send(new CreateFileBatch(id, body), cancellationToken);

    /// <summary>Shows a batch: how many of its files are in which state.</summary>
    [HttpGet("{batchId}", Name = "getVectorStoreFileBatch")]
    public Task<FileBatchView> Get(string id, string batchId, CancellationToken cancellationToken) => mediator.Send(new GetFileBatch(id, batchId), cancellationToken);

    /// <summary>Lists the files of a batch.</summary>
    [HttpGet("{batchId}/files", Name = "listFilesInVectorStoreBatch")]
    public Task<Page<VectorStoreFileView>> ListFiles(string id, string batchId, [FromQuery] CursorRequest page, [FromQuery] string? filter, CancellationToken cancellationToken) =>
        mediator.Send(new ListFileBatchFiles(id, batchId, page, filter), cancellationToken);

    /// <summary>Ends the ingestion of those of its files that are still in progress. The others stay as they are.</summary>
    [HttpPost("{batchId}/cancel", Name = "cancelVectorStoreFileBatch")]
    public Task<FileBatchView> Cancel(string id, string batchId, CancellationToken cancellationToken) => mediator.Send(new CancelFileBatch(id, batchId), cancellationToken);
}
