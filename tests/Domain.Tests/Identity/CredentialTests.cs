using System.Text;
using AiPlatform.Domain.Common;
using AiPlatform.Domain.Identity;

namespace AiPlatform.Domain.Tests.Identity;

public sealed class CredentialTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly User Owner = User.Create(Ids.New<WorkspaceId>(Now), "a@b.c", "A", Role.Member, Now);

    [Fact]
    public void A_key_keeps_only_what_it_is_recognised_by()
    {
        var secret = Secret.New(ApiKey.SecretPrefix);
        var key = ApiKey.Create(Owner, secret, "CI", [Scopes.Chat], Now);

        (key.WorkspaceId, key.UserId, key.Name, key.CreatedAt).ShouldBe((Owner.WorkspaceId, Owner.Id, "CI", Now));
        key.Prefix.ShouldBe(secret[..11]);
        key.Hash.ShouldBe(Secret.Hash(secret));
        key.Scopes.ShouldBe([Scopes.Chat]);
        Encoding.UTF8.GetString(key.Hash).ShouldNotContain(secret);
    }

    [Fact]
    public void A_short_key_is_shown_as_far_as_it_goes() => ApiKey.Create(Owner, "sk-x", "n", [], Now).Prefix.ShouldBe("sk-x");

    [Fact]
    public void A_key_without_an_end_stays_usable() => NewKey(null).IsUsable(Now.AddYears(50)).ShouldBeTrue();

    [Fact]
    public void A_key_ends_at_its_time()
    {
        var key = NewKey(Now.AddHours(1));
        key.IsUsable(Now.AddHours(1).AddTicks(-1)).ShouldBeTrue();
        key.IsUsable(Now.AddHours(1)).ShouldBeFalse();
    }

    [Fact]
    public void A_revoked_key_is_done_for_good()
    {
        var key = NewKey(null);
        key.Revoke(Now);
        key.Revoke(Now.AddDays(1));

        key.IsUsable(Now).ShouldBeFalse();
        key.RevokedAt.ShouldBe(Now);
    }

    [Fact]
    public void Secrets_are_long_random_and_safe_in_addresses_and_headers()
    {
        var secrets = Enumerable.Range(0, 200).Select(_ => Secret.New("sk-")).ToList();

        secrets.Distinct().Count().ShouldBe(200);
        secrets.ShouldAllBe(secret => secret.StartsWith("sk-", StringComparison.Ordinal) && secret.Length == 3 + 43 && secret.All(c => char.IsAsciiLetterOrDigit(c) || c == '-' || c == '_'));
    }

    [Fact]
    public void A_secret_is_kept_as_its_sha256() =>
        Convert.ToHexStringLower(Secret.Hash("abc")).ShouldBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");

    [Fact]
    public void Sessions_and_links_end()
    {
        Session.Create(Owner, "s", Now).ExpiresAt.ShouldBe(Now + Session.Lifetime);
        SignInLink.Create(Owner, "s", TimeSpan.FromHours(24), Now).ExpiresAt.ShouldBe(Now.AddHours(24));
    }

    private static ApiKey NewKey(DateTimeOffset? expires) => ApiKey.Create(Owner, "sk-secret-of-a-test", "n", Scopes.All, Now, expires);
}
