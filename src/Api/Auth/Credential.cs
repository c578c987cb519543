using AiPlatform.Application.Identity;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Domain.Identity;
using MediatR;

namespace AiPlatform.Api.Auth;

/// <summary>
/// What a request proves its caller by: <c>Authorization: Bearer sk-...</c>, or the session cookie of the web app. A connection that outlasts the request
/// asks by it again, because keys are revoked and sessions end.
/// </summary>
internal sealed class Credential
{
    private const string Bearer = "Bearer ";
    private readonly string _secret;

    private Credential(string secret, bool isCookie) => (_secret, IsCookie) = (secret, isCookie);

    /// <summary>Browsers send it by themselves, whatever page asks them to.</summary>
    public bool IsCookie { get; }

    public static Credential? Of(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        if (header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)) return new Credential(header[Bearer.Length..].Trim(), isCookie: false);
        return SessionCookie.Read(request) is { } secret ? new Credential(secret, isCookie: true) : null;
    }

    /// <summary>Null where it is unknown, revoked or over.</summary>
    public async Task<Caller?> RecogniseAsync(IMediator mediator, CancellationToken cancellationToken)
    {
        if (IsCookie) return await mediator.Send(new AuthenticateSession(_secret), cancellationToken);
        return _secret.StartsWith(ApiKey.SecretPrefix, StringComparison.Ordinal) ? await mediator.Send(new AuthenticateApiKey(_secret), cancellationToken) : null;
    }

    /// <summary>The token that belongs to this cookie, and that no other site can know.</summary>
    public bool HasCsrfToken(string? token) => IsCookie && SessionSecrets.IsCsrfToken(_secret, token);
}
