namespace AiPlatform.Integration.Tests.Identity;

/// <summary>Users and workspaces: who may do what.</summary>
public sealed class UserTests(Platform platform) : PlatformTest(platform), IClassFixture<Platform>
{
    private static int _people;

    [Fact]
    public async Task An_admin_invites_and_lists_people()
    {
        var email = NewEmail();
        var invited = (await Platform.Operator.Api.PostAsync("api/users", new { email = email.ToUpperInvariant(), name = "Grace", role = "member" }, Ct)).Ok;
        invited.GetProperty("user").GetProperty("email").GetString().ShouldBe(email);
        invited.GetProperty("sign_in_token").GetString().ShouldNotBeNullOrEmpty();

        var users = (await Platform.Operator.Api.GetAsync("api/users", Ct)).Ok.GetProperty("data").EnumerateArray().ToList();
        users.ShouldContain(user => user.GetProperty("email").GetString() == email && user.GetProperty("name").GetString() == "Grace");
        users.ShouldContain(user => user.GetProperty("id").GetString() == Platform.Operator.UserId);
    }

    [Theory]
    [InlineData("""{"email":"no address","role":"member"}""", "email")]
    [InlineData("""{"email":"a@example.com","role":"king"}""", "role")]
    [InlineData("""{"role":"member"}""", "email")]
    [InlineData("""{"email":"b@example.com"}""", "role")]
    public async Task A_bad_invitation_is_a_400(string body, string field)
    {
        var reply = await Platform.Operator.Api.PostAsync("api/users", body, Ct);

        reply.Status.ShouldBe(400, reply.Text);
        reply.Json.GetProperty("errors").TryGetProperty(field, out _).ShouldBeTrue(reply.Text);
    }

    [Fact]
    public async Task An_address_belongs_to_one_person()
    {
        var body = new { email = NewEmail(), role = "member" };
        (await Platform.Operator.Api.PostAsync("api/users", body, Ct)).Status.ShouldBe(201);
        (await Platform.Operator.Api.PostAsync("api/users", body, Ct)).Code.ShouldBe("user.email_taken");

        // Also when two invite at once.
        var other = new { email = NewEmail(), role = "member" };
        var replies = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Platform.Operator.Api.PostAsync("api/users", other, Ct)));
        replies.Count(reply => reply.Status == 201).ShouldBe(1);
        replies.Count(reply => reply.Status == 409).ShouldBe(3);
    }

    [Fact]
    public async Task A_member_sees_their_own_keys_and_no_users()
    {
        using var member = await InviteAsync("member");
        (await member.Api.GetAsync("api/users", Ct)).Status.ShouldBe(403);
        (await member.Api.PostAsync("api/users", new { email = NewEmail(), role = "admin" }, Ct)).Status.ShouldBe(403);
        (await member.Api.PostAsync("api/workspaces", new { name = "Mine", admin_email = NewEmail() }, Ct)).Status.ShouldBe(403);

        await member.CreateKeyAsync(new { name = "Mine" }, Ct);
        var keys = (await member.Api.GetAsync("api/keys", Ct)).Ok.GetProperty("data").EnumerateArray().ToList();
        keys.ShouldHaveSingleItem().GetProperty("user_id").GetString().ShouldBe(member.UserId);
        (await member.Api.PostAsync("api/keys", new { name = "Admin", scopes = new[] { "admin" } }, Ct)).Status.ShouldBe(403);

        var foreign = (await Platform.Operator.Api.PostAsync("api/keys", new { name = "Not theirs" }, Ct)).Ok.GetProperty("key").GetProperty("id").GetString();
        (await member.Api.DeleteAsync($"api/keys/{foreign}", Ct)).Status.ShouldBe(404);
    }

    [Fact]
    public async Task A_disabled_person_is_out_at_once_and_so_are_their_keys()
    {
        using var member = await InviteAsync("member");
        using var program = Platform.Client(await member.CreateKeyAsync(new { name = "Mine" }, Ct));
        (await program.GetAsync("v1/models", Ct)).Status.ShouldBe(200);

        (await Platform.Operator.Api.DeleteAsync($"api/users/{member.UserId}", Ct)).Ok.GetProperty("disabled_at").GetInt64().ShouldBeGreaterThan(0);
        (await program.GetAsync("v1/models", Ct)).Status.ShouldBe(401);
        (await member.Api.GetAsync("api/session", Ct)).Status.ShouldBe(401);
    }

    [Fact]
    public async Task Nobody_removes_themselves()
    {
        var reply = await Platform.Operator.Api.DeleteAsync($"api/users/{Platform.Operator.UserId}", Ct);

        reply.Status.ShouldBe(409);
        reply.Code.ShouldBe("user.is_self");
    }

    [Fact]
    public async Task Only_the_operator_makes_workspaces()
    {
        using var tenant = await Platform.CreateTenantAsync(Ct);
        foreach (var api in new[] { tenant.Admin.Api, tenant.Api, Api })
        {
            var reply = await api.PostAsync("api/workspaces", new { name = "Another", admin_email = NewEmail() }, Ct);
            reply.Status.ShouldBe(403);
            reply.Code.ShouldBe("not_operator");
        }
    }

    private async Task<SignedIn> InviteAsync(string role)
    {
        var invited = (await Platform.Operator.Api.PostAsync("api/users", new { email = NewEmail(), role }, Ct)).Ok;
        return await SignedIn.ByLinkAsync(Platform.Address, invited.GetProperty("sign_in_token").GetString()!, Ct);
    }

    private static string NewEmail() => $"someone-{Interlocked.Increment(ref _people)}@example.com";
}
