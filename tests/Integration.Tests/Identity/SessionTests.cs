namespace AiPlatform.Integration.Tests.Identity;

/// <summary>People: sign-in links, passwords, sessions and their cookies.</summary>
public sealed class SessionTests(Platform platform) : PlatformTest(platform), IClassFixture<Platform>
{
    private const string Password = "correct horse battery staple";
    private static int _people;

    [Fact]
    public async Task A_signed_in_person_uses_the_api_by_cookie()
    {
        using var person = await InviteAsync("member");

        var session = (await person.Api.GetAsync("api/session", Ct)).Ok;
        session.GetProperty("user").GetProperty("id").GetString().ShouldBe(person.UserId);
        session.GetProperty("user").GetProperty("role").GetString().ShouldBe("member");
        session.GetProperty("csrf_token").GetString().ShouldBe(person.CsrfToken);
        var answer = await person.Api.PostAsync("v1/chat/completions", new { model = "fake-chat", messages = Vendors.User("Hi") }, Ct);
        answer.Status.ShouldBe(200, answer.Text);
    }

    [Fact]
    public async Task The_cookie_is_out_of_reach_of_scripts_and_other_sites()
    {
        using var anyone = Platform.Client(null);
        var reply = await anyone.PostAsync("api/session/link", new { token = await LinkAsync("member") }, Ct);

        var cookie = reply.Header("Set-Cookie")!;
        cookie.ShouldContain("httponly", Case.Insensitive);
        cookie.ShouldContain("samesite=lax", Case.Insensitive);
        cookie.ShouldContain("path=/", Case.Insensitive);
        // Plain HTTP, as here on loopback, cannot have the name that browsers keep for HTTPS.
        cookie.ShouldStartWith("aiplatform=");
        reply.Text.ShouldNotContain("sess-");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("wrong")]
    public async Task A_change_by_cookie_needs_the_csrf_token(string? token)
    {
        using var person = await InviteAsync("member");
        person.Api.Http.DefaultRequestHeaders.Remove("X-CSRF-Token");
        if (token is not null) person.Api.Http.DefaultRequestHeaders.Add("X-CSRF-Token", token);

        foreach (var path in new[] { "v1/chat/completions", "v1/conversations", "api/keys" })
        {
            var reply = await person.Api.PostAsync(path, new { name = "x", model = "fake-chat", messages = Vendors.User("Hi") }, Ct);
            reply.Status.ShouldBe(403, path);
            reply.Code.ShouldBe("csrf_token_invalid");
        }

        (await person.Api.DeleteAsync("api/session", Ct)).Status.ShouldBe(403);
        (await person.Api.GetAsync("v1/models", Ct)).Status.ShouldBe(200);
        VendorCalls.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_cookie_beside_a_wrong_key_does_not_help()
    {
        using var person = await InviteAsync("member");
        person.Api.Http.DefaultRequestHeaders.Authorization = new("Bearer", "sk-wrong");

        (await person.Api.PostAsync("v1/conversations", new { }, Ct)).Status.ShouldBe(401);
    }

    [Fact]
    public async Task A_link_works_once()
    {
        var token = await LinkAsync("member");
        using var first = await SignedIn.ByLinkAsync(Platform.Address, token, Ct);
        using var anyone = Platform.Client(null);
        var again = await anyone.PostAsync("api/session/link", new { token }, Ct);

        again.Status.ShouldBe(401);
        again.Code.ShouldBe("link_invalid");
        (await first.Api.GetAsync("api/session", Ct)).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Of_two_who_use_a_link_at_once_one_gets_in()
    {
        for (var round = 0; round < 5; round++)
        {
            var token = await LinkAsync("member");
            using var anyone = Platform.Client(null);
            var replies = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => anyone.PostAsync("api/session/link", new { token }, Ct)));

            replies.Count(reply => reply.Status == 200).ShouldBe(1);
            replies.Count(reply => reply.Status == 401).ShouldBe(3);
        }
    }

    [Theory]
    [InlineData("link-nonsense")]
    [InlineData("\u0000")]
    [InlineData("")]
    public async Task A_link_that_never_was_lets_nobody_in(string token)
    {
        using var anyone = Platform.Client(null);

        (await anyone.PostAsync("api/session/link", new { token }, Ct)).Status.ShouldBe(token.Length == 0 ? 400 : 401);
    }

    [Fact]
    public async Task A_person_chooses_a_password_and_signs_in_with_it()
    {
        using var person = await InviteAsync("member");
        var email = $"chosen-{Interlocked.Increment(ref _people)}@example.com";
        var changed = (await person.Api.SendAsync(HttpMethod.Put, "api/session/password", new { new_password = Password, email, name = "Ada" }, Ct)).Ok;
        changed.GetProperty("password_set").GetBoolean().ShouldBeTrue();

        using var browser = Platform.Client(null);
        var session = (await browser.PostAsync("api/session", new { email = email.ToUpperInvariant(), password = Password }, Ct)).Ok;
        session.GetProperty("user").GetProperty("name").GetString().ShouldBe("Ada");
        (await browser.GetAsync("api/session", Ct)).Status.ShouldBe(200);
        var wrong = await browser.PostAsync("api/session", new { email, password = "wrong" }, Ct);
        wrong.Status.ShouldBe(401);
        wrong.Code.ShouldBe("wrong_credentials");
    }

    [Fact]
    public async Task A_new_password_needs_the_old_one_and_ends_the_other_sessions()
    {
        using var person = await InviteAsync("member");
        var email = $"changer-{Interlocked.Increment(ref _people)}@example.com";
        (await person.Api.SendAsync(HttpMethod.Put, "api/session/password", new { new_password = Password, email }, Ct)).Status.ShouldBe(200);
        using var elsewhere = Platform.Client(null);
        (await elsewhere.PostAsync("api/session", new { email, password = Password }, Ct)).Status.ShouldBe(200);

        var refused = await person.Api.SendAsync(HttpMethod.Put, "api/session/password", new { new_password = Password + "!", current_password = "wrong" }, Ct);
        refused.Status.ShouldBe(400);
        refused.Code.ShouldBe("wrong_password");
        (await elsewhere.GetAsync("api/session", Ct)).Status.ShouldBe(200);

        (await person.Api.SendAsync(HttpMethod.Put, "api/session/password", new { new_password = Password + "!", current_password = Password }, Ct)).Status.ShouldBe(200);
        (await person.Api.GetAsync("api/session", Ct)).Status.ShouldBe(200);
        (await elsewhere.GetAsync("api/session", Ct)).Status.ShouldBe(401);
    }

    [Fact]
    public async Task After_too_many_wrong_passwords_an_address_has_to_wait()
    {
        using var person = await InviteAsync("member");
        var email = $"guessed-{Interlocked.Increment(ref _people)}@example.com";
        (await person.Api.SendAsync(HttpMethod.Put, "api/session/password", new { new_password = Password, email }, Ct)).Status.ShouldBe(200);
        using var guesser = Platform.Client(null);
        for (var i = 0; i < 5; i++) (await guesser.PostAsync("api/session", new { email, password = $"guess {i}" }, Ct)).Status.ShouldBe(401);

        // The right password does not help any more, or guessing would go on.
        var reply = await guesser.PostAsync("api/session", new { email, password = Password }, Ct);
        reply.Status.ShouldBe(429);
        reply.Code.ShouldBe("too_many_attempts");
        reply.Header("Retry-After").ShouldNotBeNull();
        // Other people are not held up.
        (await guesser.PostAsync("api/session", new { email = "somebody-else@example.com", password = "x" }, Ct)).Status.ShouldBe(401);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"email":null,"password":null}""")]
    [InlineData("""{"email":"","password":""}""")]
    [InlineData("""{"email":"a@example.com"}""")]
    public async Task A_sign_in_without_its_parts_is_a_400(string body)
    {
        using var anyone = Platform.Client(null);
        var reply = await anyone.PostAsync("api/session", body, Ct);

        reply.Status.ShouldBe(400, reply.Text);
        reply.Json.TryGetProperty("errors", out _).ShouldBeTrue(reply.Text);
    }

    [Fact]
    public async Task A_name_with_a_nul_character_is_nobodys()
    {
        using var anyone = Platform.Client(null);
        var reply = await anyone.PostAsync("api/session", """{"email":"a\u0000@example.com","password":"x"}""", Ct);

        reply.Status.ShouldBeOneOf(400, 401);
    }

    [Fact]
    public async Task Signing_out_ends_the_session()
    {
        using var person = await InviteAsync("member");
        (await person.Api.DeleteAsync("api/session", Ct)).Status.ShouldBe(204);

        (await person.Api.GetAsync("api/session", Ct)).Status.ShouldBe(401);
    }

    [Fact]
    public async Task An_api_key_has_no_session()
    {
        (await Api.GetAsync("api/session", Ct)).Code.ShouldBe("no_session");
    }

    private async Task<SignedIn> InviteAsync(string role) => await SignedIn.ByLinkAsync(Platform.Address, await LinkAsync(role), Ct);

    private async Task<string> LinkAsync(string role) => (await Platform.Operator.Api.PostAsync(
        "api/users", new { email = $"person-{Interlocked.Increment(ref _people)}@example.com", role }, Ct)).Ok.GetProperty("sign_in_token").GetString()!;
}
