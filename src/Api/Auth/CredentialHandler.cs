using System.Security.Claims;
using System.Text.Encodings.Web;
using AiPlatform.Api.Errors;
using AiPlatform.Application.Identity.Contracts;
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

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Credential.Of(Request) is not { } credential) return AuthenticateResult.NoResult();
        if (await credential.RecogniseAsync(mediator, Context.RequestAborted) is { } caller) return Recognised(caller);
        // A session that is over is no wrong key: the page just has to sign in again.
        return credential.IsCookie ? AuthenticateResult.NoResult() : AuthenticateResult.Fail("unknown key");
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = "Bearer";
        var sentKey = Request.Headers.Authorization.Count > 0;
        return ErrorWriter.WriteAsync(Context, ApiError.From(sentKey ? AuthErrors.UnknownKey() : AuthErrors.NoCredential()));
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        ErrorWriter.WriteAsync(Context, ApiError.From(AuthErrors.MissingScope()));

    private AuthenticateResult Recognised(Caller caller)
    {
        context.Enter(caller);
        var identity = new ClaimsIdentity(caller.Scopes.Select(scope => new Claim(ScopeClaim, scope)), SchemeName);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName));
    }
}
