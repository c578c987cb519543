using AiPlatform.Api.Auth;
using AiPlatform.Application.Identity;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Domain.Common;
using MediatR;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace AiPlatform.Api.Controllers.Platform;

/// <summary>Signing in to the web app and out of it.</summary>
[ApiController]
[Route("api/session")]
[Authorize]
[Tags("Session")]
public sealed class SessionController(IMediator mediator, CallerContext context) : ControllerBase
{
    /// <summary>Who is signed in.</summary>
    [HttpGet(Name = "getSession")]
    public Task<SessionView> Get(CancellationToken cancellationToken) => mediator.Send(new GetSession(RequireSecret()), cancellationToken);

    /// <summary>Signs in by e-mail address and password.</summary>
    [HttpPost(Name = "signIn"), AllowAnonymous]
    public async Task<SessionView> SignIn([FromBody] SignIn body, CancellationToken cancellationToken) =>
        await StartAsync(await mediator.Send(body, cancellationToken), cancellationToken);

    /// <summary>Signs in by a one-time link.</summary>
    [HttpPost("link", Name = "signInByLink"), AllowAnonymous]
    public async Task<SessionView> SignInByLink([FromBody] SignInByLink body, CancellationToken cancellationToken) =>
        await StartAsync(await mediator.Send(body, cancellationToken), cancellationToken);

    /// <summary>Signs out.</summary>
    [HttpDelete(Name = "signOut")]
    [ProducesResponseType(StatusCodes.Status204NoContent)]
    public async Task<IActionResult> SignOutOfSession(CancellationToken cancellationToken)
    {
        await mediator.Send(new SignOut(RequireSecret()), cancellationToken);
        SessionCookie.Clear(HttpContext);
        return NoContent();
    }

    /// <summary>Sets the password, and on the way name and e-mail address.</summary>
    [HttpPut("password", Name = "changePassword")]
    public async Task<SessionView> ChangePassword([FromBody] ChangePasswordBody body, CancellationToken cancellationToken)
    {
        var secret = RequireSecret();
        await mediator.Send(new ChangePassword(secret, body.NewPassword, body.CurrentPassword, body.Email, body.Name), cancellationToken);
        return await mediator.Send(new GetSession(secret), cancellationToken);
    }

    public sealed record ChangePasswordBody(string NewPassword, string? CurrentPassword, string? Email, string? Name);

    private async Task<SessionView> StartAsync(string secret, CancellationToken cancellationToken)
    {
        SessionCookie.Write(HttpContext, secret);
        context.Enter((await mediator.Send(new AuthenticateSession(secret), cancellationToken))!);
        return await mediator.Send(new GetSession(secret), cancellationToken);
    }

    private string RequireSecret() => SessionCookie.Read(Request)
        ?? throw new InvalidRequest("no_session", "An API key has no session. This is for people who are signed in to the web app.");
}
