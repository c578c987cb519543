using AiPlatform.Domain.Identity;

namespace AiPlatform.Integration.Tests.Identity;

public sealed class ApiKeyTests(Platform platform) : PlatformTest(platform), IClassFixture<Platform>
{
    [Fact]
    public async Task Without_a_key_nothing_answers()
    {
        using var anyone = Platform.Client(null);
        var reply = await anyone.GetAsync("v1/models", Ct);

        reply.Status.ShouldBe(401);
        reply.Code.ShouldBe("missing_credentials");
        reply.Header("WWW-Authenticate").ShouldBe("Bearer");
    }

    [Theory]
    [InlineData("sk-wrong")]
    [InlineData("sk-0123456789abcdef0123456789abcdef0123456789abcdef")]
    [InlineData("not-even-a-key")]
    public async Task A_wrong_key_is_refused(string key)
    {
        using var stranger = Platform.Client(key);
        var reply = await stranger.PostAsync("v1/chat/completions", new { model = "fake-chat", messages = Vendors.User("Hi") }, Ct);

        reply.Status.ShouldBe(401);
        reply.Code.ShouldBe("invalid_api_key");
        VendorCalls.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_key_is_shown_once_and_only_its_beginning_later()
    {
        var created = (await Platform.Operator.Api.PostAsync("api/keys", new { name = "For the app" }, Ct)).Ok;
        var secret = created.GetProperty("secret").GetString()!;
        secret.ShouldStartWith("sk-");
        secret.Length.ShouldBeGreaterThan(40);

        var list = await Platform.Operator.Api.GetAsync("api/keys", Ct);
        list.Text.ShouldNotContain(secret);
        var shown = list.Ok.GetProperty("data").EnumerateArray().Single(key => key.GetProperty("name").GetString() == "For the app");
        secret.ShouldStartWith(shown.GetProperty("prefix").GetString()!);
        shown.GetProperty("prefix").GetString()!.Length.ShouldBeLessThan(16);
        (await Platform.Database.ScalarAsync($"SELECT count(*) FROM identity.api_keys k WHERE k::text LIKE '%{secret[10..]}%'", Ct)).ShouldBe(0L);
    }

    [Fact]
    public async Task A_key_works_until_it_is_revoked_and_tells_when_it_was_used()
    {
        var created = (await Platform.Operator.Api.PostAsync("api/keys", new { name = "Short life" }, Ct)).Ok;
        var (id, secret) = (created.GetProperty("key").GetProperty("id").GetString()!, created.GetProperty("secret").GetString()!);
        using var program = Platform.Client(secret);
        (await program.GetAsync("v1/models", Ct)).Status.ShouldBe(200);
        (await KeyAsync(id)).GetProperty("last_used_at").GetInt64().ShouldBeGreaterThan(0);

        (await Platform.Operator.Api.DeleteAsync($"api/keys/{id}", Ct)).Ok.GetProperty("revoked_at").GetInt64().ShouldBeGreaterThan(0);
        (await program.GetAsync("v1/models", Ct)).Code.ShouldBe("invalid_api_key");
        // Revoking again changes nothing.
        (await Platform.Operator.Api.DeleteAsync($"api/keys/{id}", Ct)).Status.ShouldBe(200);
    }

    [Fact]
    public async Task An_expired_key_is_refused()
    {
        var created = (await Platform.Operator.Api.PostAsync("api/keys", new { name = "Expiring", expires_at = DateTimeOffset.UtcNow.AddHours(1) }, Ct)).Ok;
        using var program = Platform.Client(created.GetProperty("secret").GetString());
        (await program.GetAsync("v1/models", Ct)).Status.ShouldBe(200);

        var id = Guid.ParseExact(created.GetProperty("key").GetProperty("id").GetString()!["key_".Length..], "n");
        await Platform.Database.ScalarAsync($"UPDATE identity.api_keys SET expires_at = now() - interval '1 second' WHERE id = '{id}'", Ct);
        (await program.GetAsync("v1/models", Ct)).Status.ShouldBe(401);
    }

    [Fact]
    public async Task A_key_cannot_expire_in_the_past()
    {
        var reply = await Platform.Operator.Api.PostAsync("api/keys", new { name = "Late", expires_at = DateTimeOffset.UtcNow.AddHours(-1) }, Ct);

        reply.Status.ShouldBe(400);
        reply.Text.ShouldContain("expires_at");
    }

    [Theory]
    [InlineData(Scopes.Chat, "v1/conversations", "v1/embeddings")]
    [InlineData(Scopes.Embeddings, "v1/embeddings", "v1/conversations")]
    public async Task A_key_does_what_its_scopes_allow(string scope, string allowed, string denied)
    {
        using var program = Platform.Client(await Platform.Operator.CreateKeyAsync(new { name = scope, scopes = new[] { scope } }, Ct));
        var body = new { model = "fake-embedding", input = "x" };

        (await program.PostAsync(allowed, body, Ct)).Status.ShouldBe(200);
        var reply = await program.PostAsync(denied, body, Ct);
        reply.Status.ShouldBe(403);
        reply.Code.ShouldBe("insufficient_scope");
        (await program.GetAsync("api/users", Ct)).Status.ShouldBe(403);
        (await program.GetAsync("v1/models", Ct)).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Documents_need_a_scope_of_their_own()
    {
        using var documents = Platform.Client(await Platform.Operator.CreateKeyAsync(new { name = "Documents", scopes = new[] { Scopes.Documents } }, Ct));
        using var chat = Platform.Client(await Platform.Operator.CreateKeyAsync(new { name = "Chat", scopes = new[] { Scopes.Chat, Scopes.Embeddings } }, Ct));

        (await documents.GetAsync("v1/files", Ct)).Status.ShouldBe(200);
        (await documents.PostAsync("v1/conversations", new { }, Ct)).Status.ShouldBe(403);
        (await chat.GetAsync("v1/files", Ct)).Code.ShouldBe("insufficient_scope");
        (await chat.PostAsync("v1/uploads", new { }, Ct)).Code.ShouldBe("insufficient_scope");
    }

    [Fact]
    public async Task A_key_made_without_scopes_is_for_all_but_administration()
    {
        var created = (await Platform.Operator.Api.PostAsync("api/keys", new { name = "Default" }, Ct)).Ok;

        created.GetProperty("key").GetProperty("scopes").EnumerateArray().Select(scope => scope.GetString()).ShouldBe([Scopes.Chat, Scopes.Embeddings, Scopes.Documents]);
    }

    [Fact]
    public async Task A_key_cannot_make_a_stronger_one()
    {
        using var program = Platform.Client(await Platform.Operator.CreateKeyAsync(new { name = "Chat", scopes = new[] { Scopes.Chat } }, Ct));
        var reply = await program.PostAsync("api/keys", new { name = "More", scopes = Scopes.All }, Ct);

        reply.Status.ShouldBe(403);
    }

    [Fact]
    public async Task A_scope_that_does_not_exist_is_a_400()
    {
        var reply = await Platform.Operator.Api.PostAsync("api/keys", new { name = "x", scopes = new[] { "everything" } }, Ct);

        reply.Status.ShouldBe(400);
        reply.Text.ShouldContain("everything");
    }

    [Theory]
    [InlineData("name", "\\u0000")]
    [InlineData("name", "")]
    public async Task A_bad_name_is_the_callers_mistake(string field, string value)
    {
        (await Platform.Operator.Api.PostAsync("api/keys", $$"""{"{{field}}":"{{value}}"}""", Ct)).Status.ShouldBe(400);
    }

    [Fact]
    public async Task The_key_from_configuration_is_there_once_also_after_another_start()
    {
        (await Api.GetAsync("v1/models", Ct)).Status.ShouldBe(200);
        (await Platform.Database.ScalarAsync("SELECT count(*) FROM identity.api_keys WHERE name = 'Bootstrap'", Ct)).ShouldBe(1L);
        (await Platform.Database.ScalarAsync("SELECT count(*) FROM identity.users WHERE is_operator", Ct)).ShouldBe(1L);
    }

    private async Task<System.Text.Json.JsonElement> KeyAsync(string id) =>
        (await Platform.Operator.Api.GetAsync("api/keys", Ct)).Ok.GetProperty("data").EnumerateArray().Single(key => key.GetProperty("id").GetString() == id);
}
