using AiPlatform.Domain.Common;
using Microsoft.AspNetCore.Authorization;

namespace AiPlatform.Api.Auth;

/// <summary>
/// Browsers send the cookie along with whatever any page makes them ask for, so it alone proves no will of the person. A request that changes something must
/// also carry the session's CSRF token in a header, which no other site can know. One that opens a WebSocket cannot carry headers; it must come from a page of
/// ours, or of an origin that the operator named. Requests with an API key need neither: browsers do not send keys by themselves.
/// </summary>
internal sealed class CsrfGuard(RequestDelegate next, EdgeOptions options)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (Credential.Of(context.Request) is { IsCookie: true } cookie && context.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is null)
        {
            if (context.WebSockets.IsWebSocketRequest) RequireKnownOrigin(context.Request);
            else if (Changes(context.Request.Method) && !cookie.HasCsrfToken(context.Request.Headers[SessionCookie.CsrfHeader])) throw WrongToken();
        }

        return next(context);
    }

    private static bool Changes(string method) => !HttpMethods.IsGet(method) && !HttpMethods.IsHead(method) && !HttpMethods.IsOptions(method);

    private void RequireKnownOrigin(HttpRequest request)
    {
        var origin = request.Headers.Origin.ToString();
        var isOurs = string.Equals(origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase);
        if (isOurs || options.CorsOrigins.Contains(origin, StringComparer.OrdinalIgnoreCase)) return;
        throw new Denied(
            "origin_not_allowed",
            "With the cookie of the web app, a WebSocket can only be opened from the web app's own address or from an origin in Edge:CorsOrigins. Programs use an API key instead of the cookie.");
    }

    private static Denied WrongToken() => new(
        "csrf_token_invalid", $"The header {SessionCookie.CsrfHeader} is missing or wrong. Reload the page; programs use an API key instead of the cookie.");
}
