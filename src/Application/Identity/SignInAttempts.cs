using AiPlatform.Domain.Common;

namespace AiPlatform.Application.Identity;

/// <summary>Slows down guessing: after a few failures an e-mail address has to wait. Kept per process, and bounded: the oldest are forgotten first.</summary>
public sealed class SignInAttempts
{
    private const int Allowed = 5;
    private const int MostRemembered = 10_000;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(5);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (int Failures, DateTimeOffset Since)> _failures = new(StringComparer.Ordinal);

    // In the order in which they began. Whoever has signed in since has one here still.
    private readonly Queue<(string Email, DateTimeOffset Since)> _begun = [];

    public void Check(string email, DateTimeOffset now)
    {
        TimeSpan wait;
        lock (_gate)
        {
            if (!_failures.TryGetValue(email, out var seen) || seen.Failures < Allowed) return;
            wait = seen.Since + Window - now;
            if (wait <= TimeSpan.Zero) _failures.Remove(email);
        }

        if (wait > TimeSpan.Zero) throw new QuotaExceeded("too_many_attempts", $"Too many failed sign-ins. Try again in {Math.Ceiling(wait.TotalMinutes)} min.", wait);
    }

    public void Failed(string email, DateTimeOffset now)
    {
        lock (_gate)
        {
            if (_failures.TryGetValue(email, out var seen) && now - seen.Since <= Window)
            {
                _failures[email] = (seen.Failures + 1, seen.Since);
                return;
            }

            while (_begun.TryPeek(out var oldest) && (now - oldest.Since > Window || _begun.Count >= MostRemembered))
            {
                _begun.Dequeue();
                if (_failures.TryGetValue(oldest.Email, out var known) && known.Since == oldest.Since) _failures.Remove(oldest.Email);
            }

            _failures[email] = (1, now);
            _begun.Enqueue((email, now));
        }
    }

    public void Succeeded(string email)
    {
        lock (_gate) _failures.Remove(email);
    }
}
