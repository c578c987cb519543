using AiPlatform.Application.Common;
using AiPlatform.Application.Knowledge.Search;
using AiPlatform.Application.Knowledge.VectorStores;
using AiPlatform.Domain.Identity;
using MediatR;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace AiPlatform.Api.Controllers.V1;

[ApiController]
[Route("v1/vector_stores")]
[Authorize(Policy = Scopes.Documents)]
[Tags("Vector stores")]
public sealed class VectorStoresController(IMediator mediator) : ControllerBase
{
    /// <summary>Makes a vector store, with up to 500 files, which are then ingested.</summary>
    [HttpPost(Name = "createVectorStore")]
    public Task<VectorStoreView> Create([FromBody] CreateVectorStore? body, CancellationToken cancellationToken) =>
        mediator.Send(body ?? new CreateVectorStore(), cancellationToken);

    /// <summary>Lists the vector stores of the workspace, the newest first unless <c>order</c> is <c>asc</c>.</summary>
    [HttpGet(Name = "listVectorStores")]
    public Task<Page<VectorStoreView>> List([FromQuery] CursorRequest page, CancellationToken cancellationToken) => mediator.Send(new ListVectorStores(page), cancellationToken);

    /// <summary>Shows a vector store: how many files it has in which state, and whether it has expired.</summary>
    [HttpGet("{id}", Name = "getVectorStore")]
    public Task<VectorStoreView> Get(string id, CancellationToken cancellationToken) => mediator.Send(new GetVectorStore(id), cancellationToken);

    /// <summary>Changes a vector store's name, metadata or expiry; what is not given stays as it is.</summary>
    [HttpPost("{id}", Name = "modifyVectorStore")]
    public Task<VectorStoreView> Modify(string id, [FromBody] VectorStoreChanges body, CancellationToken cancellationToken) =>
        mediator.Send(new ModifyVectorStore(id, body), cancellationToken);

    /// <summary>Deletes a vector store with all that was made of its files. The files themselves stay.</summary>
    [HttpDelete("{id}", Name = "deleteVectorStore")]
    public Task<Deleted> Delete(string id, CancellationToken cancellationToken) => mediator.Send(new DeleteVectorStore(id), cancellationToken);

    /// <summary>Finds the passages that answer a question best, by their words and by their meaning. Only files that are completed are searched.</summary>
    [HttpPost("{id}/search", Name = "searchVectorStore")]
    public Task<SearchResultsPage> Search(string id, [FromBody] SearchRequest body, CancellationToken cancellationToken) =>
        mediator.Send(new SearchVectorStore(id, body), cancellationToken);
}
