using System.Net;

namespace AiPlatform.Testing;

/// <summary>A person who is signed in to the web app: cookie and CSRF token.</summary>
public sealed class SignedIn(ApiClient api, string csrfToken, string userId) : IDisposable
{
    public ApiClient Api => api;
    public string CsrfToken => csrfToken;
    public string UserId => userId;

    /// <summary>Signs in by a one-time link, like a browser that opens it.</summary>
    public static async Task<SignedIn> ByLinkAsync(Uri address, string token, CancellationToken cancellationToken)
    {
        // The client owns its handler.
        var http = new HttpClient(new HttpClientHandler { CookieContainer = new CookieContainer() }) { BaseAddress = address };
        var api = new ApiClient(http);
        var session = (await api.PostAsync("api/session/link", new { token }, cancellationToken)).Ok;
        var csrfToken = session.GetProperty("csrf_token").GetString()!;
        http.DefaultRequestHeaders.Add("X-CSRF-Token", csrfToken);
        return new SignedIn(api, csrfToken, session.GetProperty("user").GetProperty("id").GetString()!);
    }

    public async Task<string> CreateKeyAsync(object body, CancellationToken cancellationToken) =>
        (await api.PostAsync("api/keys", body, cancellationToken)).Ok.GetProperty("secret").GetString()!;

    public void Dispose() => api.Dispose();
}

/// <summary>A workspace with its admin and an API key of all scopes.</summary>
public sealed class Tenant(SignedIn admin, string apiKey, ApiClient api) : IDisposable
{
    public SignedIn Admin => admin;
    public string ApiKey => apiKey;
    public ApiClient Api => api;

    public void Dispose()
    {
        admin.Dispose();
        api.Dispose();
    }
}
