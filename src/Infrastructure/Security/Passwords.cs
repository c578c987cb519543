using AiPlatform.Application.Identity;
using AiPlatform.Domain.Identity;
using Microsoft.AspNetCore.Identity;

namespace AiPlatform.Infrastructure.Security;

/// <summary>ASP.NET Core's password hash: PBKDF2 with HMAC-SHA512, 100,000 rounds and a salt.</summary>
internal sealed class Passwords : IPasswords
{
    private readonly PasswordHasher<User> _hasher = new();
    private readonly string _nobodys;

    public Passwords() => _nobodys = Hash("no password at all");

    // The hasher ignores the user it is given.
    public string Hash(string password) => _hasher.HashPassword(null!, password);

    public bool Verify(string? hash, string password) =>
        _hasher.VerifyHashedPassword(null!, hash ?? _nobodys, password) is not PasswordVerificationResult.Failed && hash is not null;
}
