using AiPlatform.Application.Common;
using AiPlatform.Application.Identity;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Domain.Identity;
using MediatR;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace AiPlatform.Api.Controllers.Platform;

/// <summary>The people of the workspace.</summary>
[ApiController]
[Route("api/users")]
[Authorize(Policy = Scopes.Admin)]
[Tags("Users")]
public sealed class UsersController(IMediator mediator) : ControllerBase
{
    /// <summary>Lists the people of the workspace.</summary>
    [HttpGet(Name = "listUsers")]
    public Task<Page<UserView>> List(CancellationToken cancellationToken) => mediator.Send(new ListUsers(), cancellationToken);

    /// <summary>Adds a person; the answer carries the token of their sign-in link (<c>/sign-in?token=...</c>).</summary>
    [HttpPost(Name = "inviteUser")]
    [ProducesResponseType<InvitedUser>(StatusCodes.Status201Created)]
    public async Task<IActionResult> Invite([FromBody] InviteUser body, CancellationToken cancellationToken) =>
        StatusCode(StatusCodes.Status201Created, await mediator.Send(body, cancellationToken));

    /// <summary>Shuts a person out. What they made stays.</summary>
    [HttpDelete("{id}", Name = "disableUser")]
    public Task<UserView> Disable(string id, CancellationToken cancellationToken) => mediator.Send(new DisableUser(id), cancellationToken);
}

/// <summary>Workspaces, for the operator of the installation.</summary>
[ApiController]
[Route("api/workspaces")]
[Authorize(Policy = Scopes.Admin)]
[Tags("Workspaces")]
public sealed class WorkspacesController(IMediator mediator) : ControllerBase
{
    /// <summary>Makes a workspace with its first admin; the answer carries the token of their sign-in link.</summary>
    [HttpPost(Name = "createWorkspace")]
    [ProducesResponseType<CreatedWorkspace>(StatusCodes.Status201Created)]
    public async Task<IActionResult> Create([FromBody] CreateWorkspace body, CancellationToken cancellationToken) =>
        StatusCode(StatusCodes.Status201Created, await mediator.Send(body, cancellationToken));
}
