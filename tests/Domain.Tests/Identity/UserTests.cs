using AiPlatform.Domain.Common;
using AiPlatform.Domain.Identity;

namespace AiPlatform.Domain.Tests.Identity;

public sealed class UserTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Theory]
    [InlineData("Ada@Example.COM", "ada@example.com")]
    [InlineData("  ada@example.com\n", "ada@example.com")]
    public void An_address_is_kept_in_one_form(string given, string kept)
    {
        New(given).Email.ShouldBe(kept);
        var user = New("x@y.z");
        user.Introduce(given, "Ada");
        (user.Email, user.Name).ShouldBe((kept, "Ada"));
    }

    [Fact]
    public void Somebody_new_has_no_password_and_is_not_disabled()
    {
        var user = New("a@b.c");
        (user.PasswordHash, user.DisabledAt, user.IsOperator, user.CreatedAt).ShouldBe((null, null, false, Now));
        user.ChangePassword("hash");
        user.PasswordHash.ShouldBe("hash");
    }

    [Fact]
    public void Disabling_counts_from_the_first_time()
    {
        var user = New("a@b.c");
        user.Disable(Now);
        user.Disable(Now.AddDays(1));
        user.DisabledAt.ShouldBe(Now);
    }

    [Fact]
    public void The_operator_cannot_be_removed()
    {
        var user = User.Create(Ids.New<WorkspaceId>(Now), "a@b.c", "A", Role.Admin, Now, isOperator: true);

        Should.Throw<RuleBroken>(() => user.Disable(Now)).Code.ShouldBe("user.is_operator");
        user.DisabledAt.ShouldBeNull();
    }

    private static User New(string email) => User.Create(Ids.New<WorkspaceId>(Now), email, "A", Role.Member, Now);
}
