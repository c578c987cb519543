namespace AiPlatform.Integration.Tests.Identity;

/// <summary>Behind a proxy that ends TLS, and without one.</summary>
public sealed class ProxyTests(ProxyTests.BehindProxy platform) : PlatformTest(platform), IClassFixture<ProxyTests.BehindProxy>
{
    [Fact]
    public async Task On_https_the_cookie_has_the_name_that_browsers_protect()
    {
        var reply = await SignInAsync(request => request.Headers.Add("X-Forwarded-Proto", "https"));

        reply.Status.ShouldBe(200, reply.Text);
        var cookie = reply.Header("Set-Cookie")!;
        cookie.ShouldStartWith("__Host-aiplatform=");
        cookie.ShouldContain("secure", Case.Insensitive);
        cookie.ShouldNotContain("domain", Case.Insensitive);

        // It is the session there, and no other name is.
        var secret = cookie.Split('=', 2)[1].Split(';')[0];
        (await AskAsync($"__Host-aiplatform={secret}", https: true)).Status.ShouldBe(200);
        (await AskAsync($"aiplatform={secret}", https: true)).Status.ShouldBe(401);
    }

    [Fact]
    public async Task On_plain_http_nobody_signs_in_from_another_machine()
    {
        var reply = await SignInAsync(request => request.Headers.Host = "ai.example.com");

        reply.Status.ShouldBe(403);
        reply.Code.ShouldBe("https_required");
        reply.Header("Set-Cookie").ShouldBeNull();
    }

    private async Task<Reply> SignInAsync(Action<HttpRequestMessage> prepare)
    {
        var email = $"{Guid.NewGuid():n}@example.com";
        var token = (await Platform.Operator.Api.PostAsync("api/users", new { email, role = "member" }, Ct)).Ok.GetProperty("sign_in_token").GetString();
        using var anyone = Platform.Client(null);
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/session/link") { Content = System.Net.Http.Json.JsonContent.Create(new { token }) };
        prepare(request);
        return await anyone.SendAsync(request, Ct);
    }

    private async Task<Reply> AskAsync(string cookie, bool https)
    {
        using var anyone = new ApiClient(new HttpClient(new HttpClientHandler { UseCookies = false }) { BaseAddress = Platform.Address });
        using var request = new HttpRequestMessage(HttpMethod.Get, "api/session");
        request.Headers.Add("Cookie", cookie);
        if (https) request.Headers.Add("X-Forwarded-Proto", "https");
        return await anyone.SendAsync(request, Ct);
    }

    public sealed class BehindProxy : Platform
    {
        protected override void Configure(IDictionary<string, string?> settings) => settings["Edge:KnownProxies:0"] = "127.0.0.1";
    }
}

/// <summary>Without a known proxy, nobody's word is taken for HTTPS.</summary>
public sealed class NoProxyTests(Platform platform) : PlatformTest(platform), IClassFixture<Platform>
{
    [Fact]
    public async Task A_forwarded_header_of_a_stranger_changes_nothing()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "api/session");
        request.Headers.Add("X-Forwarded-Proto", "https");

        // The cookie of plain HTTP still counts: the request is not taken for one on HTTPS.
        (await Platform.Operator.Api.SendAsync(request, Ct)).Status.ShouldBe(200);
    }
}
