using AiPlatform.Application.Identity;
using AiPlatform.Domain.Common;
using Microsoft.AspNetCore.Authorization;

namespace AiPlatform.Api.Auth;

/// <summary>
/// A request that changes something and is recognised by its cookie must also carry the session's CSRF token in a header, which no other site can know.
/// Requests with an API key need none: browsers do not send keys by themselves.
/// </summary>
internal sealed class CsrfGuard(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        var changes = !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method) && !HttpMethods.IsOptions(request.Method);
        if (changes
            && request.Headers.Authorization.Count == 0
            && SessionCookie.Read(request) is { } secret
            && context.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is null
            && !SessionSecrets.IsCsrfToken(secret, request.Headers[SessionCookie.CsrfHeader]))
        {
            throw new Denied("csrf_token_invalid", $"The header {SessionCookie.CsrfHeader} is missing or wrong. Reload the page; programs use an API key instead of the cookie.");
        }

        return next(context);
    }
}
