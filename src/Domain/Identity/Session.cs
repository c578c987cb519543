using AiPlatform.Domain.Common;

namespace AiPlatform.Domain.Identity;

/// <summary>A browser that is signed in. The cookie holds the secret, this row its hash: signing out takes effect everywhere at once.</summary>
public sealed class Session : IBelongToWorkspace
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(14);

    private Session()
    {
    }

    public byte[] Hash { get; private set; } = [];
    public WorkspaceId WorkspaceId { get; private set; }
    public UserId UserId { get; private set; }
    public DateTimeOffset CreatedAt { get; private set; }
    public DateTimeOffset ExpiresAt { get; private set; }

    public static Session Create(User user, string secret, DateTimeOffset now) => new()
    {
        Hash = Secret.Hash(secret),
        WorkspaceId = user.WorkspaceId,
        UserId = user.Id,
        CreatedAt = now,
        ExpiresAt = now + Lifetime,
    };
}

/// <summary>A link that signs one person in, once, within its lifetime: how a person without a password gets in.</summary>
public sealed class SignInLink : IBelongToWorkspace
{
    private SignInLink()
    {
    }

    public byte[] Hash { get; private set; } = [];
    public WorkspaceId WorkspaceId { get; private set; }
    public UserId UserId { get; private set; }
    public DateTimeOffset CreatedAt { get; private set; }
    public DateTimeOffset ExpiresAt { get; private set; }

    public static SignInLink Create(User user, string secret, TimeSpan lifetime, DateTimeOffset now) => new()
    {
        Hash = Secret.Hash(secret),
        WorkspaceId = user.WorkspaceId,
        UserId = user.Id,
        CreatedAt = now,
        ExpiresAt = now + lifetime,
    };
}
