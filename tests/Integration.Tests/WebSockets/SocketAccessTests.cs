using System.Net;
using System.Net.Http.Headers;

namespace AiPlatform.Integration.Tests.WebSockets;

/// <summary>Who may open a WebSocket, from where, how many, and for how long.</summary>
public sealed class SocketAccessTests(SocketAccessTests.FewSeats platform) : SocketTest(platform), IClassFixture<SocketAccessTests.FewSeats>
{
    private const string Elsewhere = "https://app.example.com";

    [Fact]
    public async Task Without_a_credential_or_with_a_wrong_one_nothing_opens()
    {
        (await SocketClient.RefusedAsync(Platform.Address, null, Ct)).ShouldBe(401);
        (await SocketClient.RefusedAsync(Platform.Address, "sk-wrong", Ct)).ShouldBe(401);
    }

    [Fact]
    public async Task A_key_without_the_scope_opens_nothing()
    {
        var key = await Platform.Operator.CreateKeyAsync(new { name = "Embeddings", scopes = new[] { "embeddings" } }, Ct);
        (await SocketClient.RefusedAsync(Platform.Address, key, Ct)).ShouldBe(403);
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("null", false)]
    [InlineData("https://evil.example.com", false)]
    [InlineData("http://evil.example.com:1", false)]
    [InlineData(Elsewhere, true)]
    [InlineData("own", true)]
    public async Task The_cookie_opens_only_for_pages_of_known_origins(string? origin, bool opens)
    {
        var (cookie, key) = (await CookieAsync(), Platform.ApiKey);
        var own = Platform.Address.GetLeftPart(UriPartial.Authority);
        (string, string)[] headers = [("Cookie", cookie), .. origin is null ? [] : new[] { ("Origin", origin == "own" ? own : origin) }];
        if (!opens)
        {
            (await SocketClient.RefusedAsync(Platform.Address, null, Ct, headers)).ShouldBe(403);
            // What a browser sends by itself does not make it a program.
            (await SocketClient.RefusedAsync(Platform.Address, null, Ct, [.. headers, ("Authorization", "Basic YTpi")])).ShouldBe(403);
        }

        // A program may come from anywhere: browsers do not send keys.
        using var program = await SocketClient.ConnectAsync(Platform.Address, key, Ct, headers[1..]);
        if (!opens) return;
        using var page = await SocketClient.ConnectAsync(Platform.Address, null, Ct, headers);
        TextOf(await AskAsync(page, new { input = "Hello" })).ShouldBe(FakeText.For("Hello"));
    }

    [Fact]
    public async Task The_origin_says_nothing_without_a_credential() =>
        (await SocketClient.RefusedAsync(Platform.Address, null, Ct, ("Origin", Platform.Address.GetLeftPart(UriPartial.Authority)))).ShouldBe(401);

    [Fact]
    public async Task A_key_that_is_revoked_serves_no_further_request()
    {
        var created = (await Platform.Operator.Api.PostAsync("api/keys", new { name = "Short" }, Ct)).Ok;
        using var socket = await ConnectAsync(created.GetProperty("secret").GetString());
        TypeOf((await AskAsync(socket, new { input = "Hello" }))[^1]).ShouldBe("response.completed");
        (await Platform.Operator.Api.DeleteAsync($"api/keys/{created.GetProperty("key").GetProperty("id").GetString()}", Ct)).Status.ShouldBe(200);

        ShouldBeError(await ErrorOfAsync(socket, Create(new { input = "Hello", stream_id = "a" })), 401, "invalid_api_key", null);
        (await socket.ReadToEndAsync(Ct)).ShouldBe(1008);
        VendorCalls.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_person_who_signs_out_is_served_no_further_request()
    {
        using var tenant = await Platform.CreateTenantAsync(Ct);
        var cookie = await CookieAsync(tenant.Admin);
        using var socket = await SocketClient.ConnectAsync(Platform.Address, null, Ct, ("Cookie", cookie), ("Origin", Elsewhere));
        TypeOf((await AskAsync(socket, new { input = "Hello" }))[^1]).ShouldBe("response.completed");
        using (var signedIn = Platform.Client(null))
        {
            signedIn.Http.DefaultRequestHeaders.Add("Cookie", cookie);
            signedIn.Http.DefaultRequestHeaders.Add("X-CSRF-Token", (await signedIn.GetAsync("api/session", Ct)).Ok.GetProperty("csrf_token").GetString());
            (await signedIn.DeleteAsync("api/session", Ct)).Status.ShouldBeInRange(200, 204);
        }

        ShouldBeError(await ErrorOfAsync(socket, Create(new { input = "Hello" })), 401, "session_over", null);
        (await socket.ReadToEndAsync(Ct)).ShouldBe(1008);
    }

    [Theory]
    [InlineData("""{"input":"x","previous_response_id":"{response}"}""")]
    [InlineData("""{"input":"x","previous_response_id":"{response}","store":false}""")]
    [InlineData("""{"input":"x","conversation":"{conversation}"}""")]
    [InlineData("""{"input":"x","conversation":{"id":"{conversation}"},"store":false}""")]
    [InlineData("""{"input":[{"type":"item_reference","id":"{item}"}]}""")]
    public async Task A_foreign_id_is_like_one_that_never_was(string body)
    {
        var conversation = (await Api.PostAsync("v1/conversations", new { }, Ct)).Ok.GetProperty("id").GetString()!;
        var response = (await Api.PostAsync("v1/responses", new { model = Model, input = "Mine", conversation }, Ct)).Ok.GetProperty("id").GetString()!;
        var item = (await Api.GetAsync($"v1/conversations/{conversation}/items", Ct)).Ok.GetProperty("first_id").GetString()!;
        Vendor.Reset();
        using var tenant = await Platform.CreateTenantAsync(Ct);
        using var socket = await ConnectAsync(tenant.ApiKey);
        const string Nobodys = "0123456789abcdef0123456789abcdef";

        var foreign = (await ErrorOfAsync(socket, Create(Fill(response, conversation, item)))).GetRawText();
        var never = (await ErrorOfAsync(socket, Create(Fill("resp_" + Nobodys, "conv_" + Nobodys, "msg_" + Nobodys)))).GetRawText();

        new[] { response, conversation, item }.Aggregate(foreign, (text, id) => text.Replace(id[(id.IndexOf('_', StringComparison.Ordinal) + 1)..], Nobodys, StringComparison.Ordinal)).ShouldBe(never);
        VendorCalls.ShouldBeEmpty();

        string Fill(string response, string conversation, string item) => body
            .Replace("{response}", response, StringComparison.Ordinal).Replace("{conversation}", conversation, StringComparison.Ordinal).Replace("{item}", item, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_key_opens_so_many_and_no_more_until_one_closes()
    {
        using var tenant = await Platform.CreateTenantAsync(Ct);
        var sockets = new List<SocketClient>();
        try
        {
            for (var i = 0; i < FewSeats.PerCaller; i++) sockets.Add(await ConnectAsync(tenant.ApiKey));
            (await SocketClient.RefusedAsync(Platform.Address, tenant.ApiKey, Ct)).ShouldBe(429);
            // Others are not concerned.
            using (await ConnectAsync()) await sockets[0].CloseAsync(Ct);
            await EventuallyAsync(async () => await CanConnectAsync(tenant.ApiKey) ? "yes" : null);
        }
        finally
        {
            sockets.ForEach(socket => socket.Dispose());
        }
    }

    [Fact]
    public async Task The_process_holds_so_many_and_no_more()
    {
        var sockets = new List<SocketClient>();
        var tenants = new List<Tenant>();
        try
        {
            var refused = 0;
            for (var i = 0; i < FewSeats.InAll / FewSeats.PerCaller + 1; i++)
            {
                tenants.Add(await Platform.CreateTenantAsync(Ct));
                for (var j = 0; j < FewSeats.PerCaller && refused == 0; j++)
                {
                    if (sockets.Count >= FewSeats.InAll) refused = await SocketClient.RefusedAsync(Platform.Address, tenants[^1].ApiKey, Ct);
                    else sockets.Add(await EventuallyAsync(() => TryConnectAsync(tenants[^1].ApiKey)));
                }
            }

            refused.ShouldBe(503);
            TypeOf((await AskAsync(sockets[0], new { input = "Hello" }))[^1]).ShouldBe("response.completed");
        }
        finally
        {
            sockets.ForEach(socket => socket.Dispose());
            tenants.ForEach(tenant => tenant.Dispose());
        }
    }

    [Fact]
    public async Task Without_an_upgrade_there_is_nothing_to_get()
    {
        var reply = await Api.GetAsync("v1/responses", Ct);

        reply.Status.ShouldBe(405);
        reply.Code.ShouldBe("method_not_allowed");
        reply.ContentHeaders.Allow.ShouldBe(["POST"]);
    }

    [Theory]
    [InlineData("13", "short", HttpStatusCode.BadRequest)]
    [InlineData("8", "dGhlIHNhbXBsZSBub25jZQ==", HttpStatusCode.UpgradeRequired)]
    public async Task A_handshake_that_is_none_is_explained(string version, string key, HttpStatusCode status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "v1/responses");
        request.Headers.Connection.Add("Upgrade");
        request.Headers.Upgrade.Add(new ProductHeaderValue("websocket"));
        request.Headers.Add("Sec-WebSocket-Version", version);
        request.Headers.Add("Sec-WebSocket-Key", key);
        var reply = await Api.SendAsync(request, Ct);

        reply.Status.ShouldBe((int)status);
        reply.Code.ShouldBe("invalid_upgrade");
        if (status is HttpStatusCode.UpgradeRequired) reply.Header("Sec-WebSocket-Version").ShouldBe("13");
    }

    [Fact]
    public async Task A_refusal_says_why()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "v1/responses");
        request.Headers.Connection.Add("Upgrade");
        request.Headers.Upgrade.Add(new ProductHeaderValue("websocket"));
        request.Headers.Add("Sec-WebSocket-Version", "13");
        request.Headers.Add("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
        request.Headers.Add("Cookie", await CookieAsync());
        using var page = Platform.Client(null);
        var reply = await page.SendAsync(request, Ct);

        reply.Status.ShouldBe(403);
        reply.Code.ShouldBe("origin_not_allowed");
        // The page of a foreign origin cannot send the cookie on to plain requests either.
        reply.Header("Access-Control-Allow-Credentials").ShouldBeNull();
    }

    private Task<string> CookieAsync() => CookieAsync(Platform.Operator);

    private async Task<string> CookieAsync(SignedIn admin)
    {
        var invited = (await admin.Api.PostAsync("api/users", new { email = $"{Guid.NewGuid():n}@example.com", name = "Page", role = "member" }, Ct)).Ok;
        using var http = new HttpClient { BaseAddress = Platform.Address };
        using var response = await http.PostAsync(new Uri("api/session/link", UriKind.Relative), new StringContent($$"""{"token":"{{invited.GetProperty("sign_in_token").GetString()}}"}""", new MediaTypeHeaderValue("application/json")), Ct);
        return response.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
    }

    private async Task<SocketClient?> TryConnectAsync(string key)
    {
        try
        {
            return await ConnectAsync(key);
        }
        catch (System.Net.WebSockets.WebSocketException)
        {
            // Sockets of the test before are still being closed.
            return null;
        }
    }

    private async Task<bool> CanConnectAsync(string key)
    {
        using var socket = await TryConnectAsync(key);
        return socket is not null;
    }

    public sealed class FewSeats : Platform
    {
        public const int PerCaller = 3;
        public const int InAll = 8;

        protected override void Configure(IDictionary<string, string?> settings)
        {
            settings["Edge:CorsOrigins:0"] = Elsewhere;
            settings["Edge:WebSockets:MaxConnections"] = $"{InAll}";
            settings["Edge:WebSockets:MaxConnectionsPerCaller"] = $"{PerCaller}";
        }
    }
}
