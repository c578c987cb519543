using AiPlatform.Domain.Common;

namespace AiPlatform.Domain.Identity;

/// <summary>A program's credential. Only its hash is stored; the key itself is shown once, when it is made.</summary>
public sealed class ApiKey : IBelongToWorkspace
{
    public const string SecretPrefix = "sk-";
    public const int NameMaxLength = 100;
    private const int ShownLength = 11;

    private ApiKey()
    {
    }

    public ApiKeyId Id { get; private set; }
    public WorkspaceId WorkspaceId { get; private set; }

    /// <summary>Who made it; it can never do more than that person.</summary>
    public UserId UserId { get; private set; }

    public string Name { get; private set; } = "";

    /// <summary>Its first characters, to recognise it by.</summary>
    public string Prefix { get; private set; } = "";

    public byte[] Hash { get; private set; } = [];
    public string[] Scopes { get; private set; } = [];
    public DateTimeOffset CreatedAt { get; private set; }
    public DateTimeOffset? ExpiresAt { get; private set; }
    public DateTimeOffset? RevokedAt { get; private set; }

    /// <summary>To the minute.</summary>
    public DateTimeOffset? LastUsedAt { get; private set; }

    public static ApiKey Create(User owner, string secret, string name, IEnumerable<string> scopes, DateTimeOffset now, DateTimeOffset? expiresAt = null) => new()
    {
        Id = Ids.New<ApiKeyId>(now),
        WorkspaceId = owner.WorkspaceId,
        UserId = owner.Id,
        Name = name,
        Prefix = secret[..Math.Min(ShownLength, secret.Length)],
        Hash = Secret.Hash(secret),
        Scopes = [.. scopes],
        CreatedAt = now,
        ExpiresAt = expiresAt,
    };

    public bool IsUsable(DateTimeOffset now) => RevokedAt is null && (ExpiresAt is null || ExpiresAt > now);

    public void Revoke(DateTimeOffset now) => RevokedAt ??= now;
}

/// <summary>What a key may be used for.</summary>
public static class Scopes
{
    /// <summary>Models, chat completions, responses and conversations.</summary>
    public const string Chat = "chat";

    /// <summary>Models and embeddings.</summary>
    public const string Embeddings = "embeddings";

    /// <summary>Files, uploads and vector stores.</summary>
    public const string Documents = "documents";

    /// <summary>Users and keys of the workspace; needs an admin behind it.</summary>
    public const string Admin = "admin";

    public static readonly string[] All = [Chat, Embeddings, Documents, Admin];
}
