using AiPlatform.Application.Identity;
using AiPlatform.Domain.Common;

namespace AiPlatform.Application.Tests.Identity;

public sealed class SignInAttemptsTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private readonly SignInAttempts _attempts = new();

    [Fact]
    public void A_few_failures_are_forgiven()
    {
        Fail("a@b.c", 4);
        _attempts.Check("a@b.c", Now);
    }

    [Fact]
    public void The_fifth_makes_one_wait_and_says_how_long()
    {
        Fail("a@b.c", 5);

        var error = Should.Throw<QuotaExceeded>(() => _attempts.Check("a@b.c", Now.AddMinutes(1)));
        error.Code.ShouldBe("too_many_attempts");
        error.RetryAfter.ShouldBe(TimeSpan.FromMinutes(4));
        error.Message.ShouldContain("4 min");
    }

    [Fact]
    public void The_wait_ends_and_counting_starts_anew()
    {
        Fail("a@b.c", 5);
        _attempts.Check("a@b.c", Now.AddMinutes(5));
        _attempts.Failed("a@b.c", Now.AddMinutes(5));
        _attempts.Check("a@b.c", Now.AddMinutes(5));
    }

    [Fact]
    public void Failures_long_ago_do_not_count()
    {
        Fail("a@b.c", 4);
        _attempts.Failed("a@b.c", Now.AddMinutes(6));
        _attempts.Check("a@b.c", Now.AddMinutes(6));
    }

    [Fact]
    public void Failing_on_while_waiting_does_not_help()
    {
        Fail("a@b.c", 50);
        Should.Throw<QuotaExceeded>(() => _attempts.Check("a@b.c", Now.AddMinutes(4.9)));
    }

    [Fact]
    public void Success_wipes_the_slate()
    {
        Fail("a@b.c", 4);
        _attempts.Succeeded("a@b.c");
        Fail("a@b.c", 4);
        _attempts.Check("a@b.c", Now);
    }

    [Fact]
    public void One_address_does_not_pay_for_another()
    {
        Fail("a@b.c", 5);
        _attempts.Check("x@y.z", Now);
    }

    [Fact]
    public void Remembering_is_bounded_and_still_works_when_full()
    {
        for (var i = 0; i < 10_500; i++) _attempts.Failed($"{i}@b.c", Now);
        Fail("a@b.c", 5);
        Should.Throw<QuotaExceeded>(() => _attempts.Check("a@b.c", Now));
    }

    private void Fail(string email, int times)
    {
        for (var i = 0; i < times; i++) _attempts.Failed(email, Now);
    }
}
