using AiPlatform.Api.Forms;
using AiPlatform.Application.Common;
using AiPlatform.Application.Knowledge.Files;
using AiPlatform.Domain.Identity;
using MediatR;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace AiPlatform.Api.Controllers.V1;

[ApiController]
[Route("v1/files")]
[Authorize(Policy = Scopes.Documents)]
[Tags("Files")]
public sealed class FilesController(IMediator mediator) : ControllerBase
{
    /// <summary>Uploads a file. It is stored as it arrives, whatever its size; the fields of the form may come in any order.</summary>
    [HttpPost(Name = "createFile")]
    [DisableRequestSizeLimit]
    public Task<FileView> Create(CancellationToken cancellationToken) =>
        mediator.Send(new UploadFile(FormStream.ReadAsync(Request, cancellationToken), Request.ContentLength), cancellationToken);

    /// <summary>Lists files, the newest first unless <c>order</c> is <c>asc</c>.</summary>
    /// <param name="purpose">Only files for this purpose.</param>
    /// <param name="limit">How many, from 1 to 10,000. Default: 10,000.</param>
    /// <param name="order">By time: <c>asc</c>, or <c>desc</c> (default).</param>
    /// <param name="after">The next page: <c>last_id</c> of the one before.</param>
    /// <param name="cancellationToken">Ends when the client hangs up.</param>
    [HttpGet(Name = "listFiles")]
    public Task<Page<FileView>> List(
        [FromQuery] string? purpose, [FromQuery] int? limit, [FromQuery] string? order, [FromQuery] string? after, CancellationToken cancellationToken) =>
        mediator.Send(new ListFiles(purpose, limit, order, after), cancellationToken);

    /// <summary>Shows what is known of a file.</summary>
    [HttpGet("{id}", Name = "retrieveFile")]
    public Task<FileView> Get(string id, CancellationToken cancellationToken) => mediator.Send(new GetFile(id), cancellationToken);

    /// <summary>Downloads a file as it was uploaded, or the part of it that the header <c>Range</c> asks for.</summary>
    [HttpGet("{id}/content", Name = "downloadFile")]
    public async Task<IActionResult> Download(string id, CancellationToken cancellationToken) => new DownloadResult(await mediator.Send(new OpenFile(id), cancellationToken));

    /// <summary>Deletes a file, and takes it out of all vector stores.</summary>
    [HttpDelete("{id}", Name = "deleteFile")]
    public Task<Deleted> Delete(string id, CancellationToken cancellationToken) => mediator.Send(new DeleteFile(id), cancellationToken);
}
