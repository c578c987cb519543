using AiPlatform.Api.Forms;
using AiPlatform.Application.Knowledge.Uploads;
using AiPlatform.Domain.Identity;
using MediatR;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace AiPlatform.Api.Controllers.V1;

[ApiController]
[Route("v1/uploads")]
[Authorize(Policy = Scopes.Documents)]
[Tags("Uploads")]
public sealed class UploadsController(IMediator mediator) : ControllerBase
{
    /// <summary>Begins a file that arrives in parts. It has to be completed within an hour.</summary>
    [HttpPost(Name = "createUpload")]
    public Task<UploadView> Create([FromBody] CreateUpload body, CancellationToken cancellationToken) => mediator.Send(body, cancellationToken);

    /// <summary>Adds a part of up to 64 MiB. Parts may be sent in any order and at the same time.</summary>
    [HttpPost("{id}/parts", Name = "addUploadPart")]
    [DisableRequestSizeLimit]
    public Task<UploadPartView> AddPart(string id, CancellationToken cancellationToken) =>
        mediator.Send(new AddUploadPart(id, FormStream.ReadAsync(Request, cancellationToken), Request.ContentLength), cancellationToken);

    /// <summary>Makes the file out of its parts, in the order given. Repeating it shows the same file again.</summary>
    [HttpPost("{id}/complete", Name = "completeUpload")]
    public Task<UploadView> Complete(string id, [FromBody] CompleteUploadBody body, CancellationToken cancellationToken) =>
        mediator.Send(new CompleteUpload(id, body.PartIds, body.Md5), cancellationToken);

    /// <summary>Gives an upload up, and forgets its parts.</summary>
    [HttpPost("{id}/cancel", Name = "cancelUpload")]
    public Task<UploadView> Cancel(string id, CancellationToken cancellationToken) => mediator.Send(new CancelUpload(id), cancellationToken);

    public sealed record CompleteUploadBody(IReadOnlyList<string>? PartIds, string? Md5);
}
