using System.Net;
using AiPlatform.Domain.Common;
using AiPlatform.Domain.Identity;

namespace AiPlatform.Api.Auth;

/// <summary>
/// The web app's cookie. On HTTPS its name starts with <c>__Host-</c>, which makes browsers refuse it from anywhere else; on this machine's own loopback
/// address plain HTTP is allowed, and needs a plain name.
/// </summary>
internal static class SessionCookie
{
    public const string CsrfHeader = "X-CSRF-Token";
    private const string PlainName = "aiplatform";
    private const string SecureName = "__Host-aiplatform";

    public static string? Read(HttpRequest request) => request.Cookies[request.IsHttps ? SecureName : PlainName];

    public static void Write(HttpContext context, string secret)
    {
        RequireSafeTransport(context.Request);
        context.Response.Cookies.Append(NameFor(context.Request), secret, Options(context.Request, Session.Lifetime));
    }

    public static void Clear(HttpContext context) => context.Response.Cookies.Delete(NameFor(context.Request), Options(context.Request, null));

    private static void RequireSafeTransport(HttpRequest request)
    {
        var host = request.Host.Host;
        var isLoopback = host is "localhost" || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
        if (request.IsHttps || isLoopback) return;
        throw new Denied(
            "https_required",
            "Signing in needs HTTPS, except on the server's own machine. Put a TLS proxy in front and name it in Edge:KnownProxies, or open http://localhost there.");
    }

    private static string NameFor(HttpRequest request) => request.IsHttps ? SecureName : PlainName;

    private static CookieOptions Options(HttpRequest request, TimeSpan? lifetime) => new()
    {
        HttpOnly = true,
        Secure = request.IsHttps,
        SameSite = SameSiteMode.Lax,
        Path = "/",
        MaxAge = lifetime,
        IsEssential = true,
    };
}
