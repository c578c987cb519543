using System.Collections.Concurrent;
using AiPlatform.Domain.Common;

namespace AiPlatform.Application.Identity;

/// <summary>Slows down guessing: after a few failures an e-mail address has to wait. Kept per process, and bounded.</summary>
public sealed class SignInAttempts
{
    private const int Allowed = 5;
    private const int MostRemembered = 10_000;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<string, (int Failures, DateTimeOffset Since)> _failures = new(StringComparer.Ordinal);

    public void Check(string email, DateTimeOffset now)
    {
        if (!_failures.TryGetValue(email, out var seen) || seen.Failures < Allowed) return;
        var wait = seen.Since + Window - now;
        if (wait <= TimeSpan.Zero) _failures.TryRemove(email, out _);
        else throw new QuotaExceeded("too_many_attempts", $"Too many failed sign-ins. Try again in {Math.Ceiling(wait.TotalMinutes)} min.", wait);
    }

    public void Failed(string email, DateTimeOffset now)
    {
        if (_failures.Count >= MostRemembered)
        {
            foreach (var (key, seen) in _failures)
                if (now - seen.Since > Window || _failures.Count >= MostRemembered) _failures.TryRemove(key, out _);
        }

        _failures.AddOrUpdate(email, (1, now), (_, seen) => now - seen.Since > Window ? (1, now) : (seen.Failures + 1, seen.Since));
    }

    public void Succeeded(string email) => _failures.TryRemove(email, out _);
}
