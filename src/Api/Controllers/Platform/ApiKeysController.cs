using AiPlatform.Application.Common;
using AiPlatform.Application.Identity;
using AiPlatform.Application.Identity.Contracts;
using MediatR;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace AiPlatform.Api.Controllers.Platform;

/// <summary>API keys: one's own, for admins all of the workspace.</summary>
[ApiController]
[Route("api/keys")]
[Authorize]
[Tags("API keys")]
public sealed class ApiKeysController(IMediator mediator) : ControllerBase
{
    /// <summary>Lists one's own keys, for an admin all of the workspace. Secrets are not shown.</summary>
    [HttpGet(Name = "listApiKeys")]
    public Task<Page<ApiKeyView>> List(CancellationToken cancellationToken) => mediator.Send(new ListApiKeys(), cancellationToken);

    /// <summary>Makes a key. Its secret is shown this once.</summary>
    [HttpPost(Name = "createApiKey")]
    [ProducesResponseType<CreatedApiKey>(StatusCodes.Status201Created)]
    public async Task<IActionResult> Create([FromBody] CreateApiKey body, CancellationToken cancellationToken) =>
        StatusCode(StatusCodes.Status201Created, await mediator.Send(body, cancellationToken));

    /// <summary>Revokes a key, at once.</summary>
    [HttpDelete("{id}", Name = "revokeApiKey")]
    public Task<ApiKeyView> Revoke(string id, CancellationToken cancellationToken) => mediator.Send(new RevokeApiKey(id), cancellationToken);
}
