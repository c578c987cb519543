using Microsoft.OpenApi;

namespace AiPlatform.Api.OpenApi;

internal static class SecuritySchemes
{
    public const string ApiKey = "api_key";
    public const string Cookie = "session_cookie";
    public const string Csrf = "csrf_token";

    public static void AddTo(OpenApiDocument document)
    {
        document.AddComponent(ApiKey, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            Description = "For programs: an API key, `Authorization: Bearer sk-...`. `./run` prints the first one; more are made in the web app or by `POST /api/keys`.",
        });
        document.AddComponent(Cookie, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.ApiKey,
            In = ParameterLocation.Cookie,
            Name = "aiplatform",
            Description = "For the web app: the cookie that signing in sets. On HTTPS its name is `__Host-aiplatform`.",
        });
        document.AddComponent(Csrf, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.ApiKey,
            In = ParameterLocation.Header,
            Name = Auth.SessionCookie.CsrfHeader,
            Description = "Beside the cookie, for every request that changes something: `csrf_token` of the session.",
        });
    }
}
