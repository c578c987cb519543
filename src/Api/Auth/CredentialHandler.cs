using System.Security.Claims;
using System.Text.Encodings.Web;
using AiPlatform.Api.Errors;
using AiPlatform.Application.Identity;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Domain.Identity;
using MediatR;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace AiPlatform.Api.Auth;

/// <summary>Recognises the caller by <c>Authorization: Bearer sk-...</c>, or by the session cookie of the web app.</summary>
internal sealed class CredentialHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, IMediator mediator, CallerContext context)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string SchemeName = "credential";
    public const string ScopeClaim = "scope";
    private const string Bearer = "Bearer ";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        if (header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
        {
            var key = header[Bearer.Length..].Trim();
            var caller = key.StartsWith(ApiKey.SecretPrefix, StringComparison.Ordinal) ? await mediator.Send(new AuthenticateApiKey(key), Context.RequestAborted) : null;
            return caller is null ? AuthenticateResult.Fail("unknown key") : Recognised(caller);
        }

        if (SessionCookie.Read(Request) is not { } secret) return AuthenticateResult.NoResult();
        var person = await mediator.Send(new AuthenticateSession(secret), Context.RequestAborted);
        return person is null ? AuthenticateResult.NoResult() : Recognised(person);
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = "Bearer";
        var sentKey = Request.Headers.Authorization.Count > 0;
        return ErrorWriter.WriteAsync(Context, sentKey
            ? new ApiError(401, "invalid_api_key", "The API key is wrong, revoked or expired. An admin can make a new one in the web app.")
            : new ApiError(401, "missing_credentials", "You did not send an API key. Put it into the header: Authorization: Bearer sk-..."));
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        ErrorWriter.WriteAsync(Context, new ApiError(403, "insufficient_scope", "Your API key or role does not allow this request."));

    private AuthenticateResult Recognised(Caller caller)
    {
        context.Enter(caller);
        var identity = new ClaimsIdentity(caller.Scopes.Select(scope => new Claim(ScopeClaim, scope)), SchemeName);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName));
    }
}
