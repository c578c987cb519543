using AiPlatform.Domain.Common;

namespace AiPlatform.Domain.Identity;

public enum Role
{
    Member,
    Admin,
}

/// <summary>A person of one workspace.</summary>
public sealed class User : IBelongToWorkspace
{
    public const int EmailMaxLength = 254;
    public const int NameMaxLength = 100;
    public const int PasswordMinLength = 10;
    public const int PasswordMaxLength = 200;

    private User()
    {
    }

    public UserId Id { get; private set; }
    public WorkspaceId WorkspaceId { get; private set; }

    /// <summary>Lower case; unique among all users, as it is what they sign in with.</summary>
    public string Email { get; private set; } = "";

    public string Name { get; private set; } = "";
    public Role Role { get; private set; }

    /// <summary>May create workspaces: the first admin of the installation.</summary>
    public bool IsOperator { get; private set; }

    /// <summary>Null until a password is chosen; then only its hash.</summary>
    public string? PasswordHash { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }
    public DateTimeOffset? DisabledAt { get; private set; }

    public static User Create(WorkspaceId workspace, string email, string name, Role role, DateTimeOffset now, bool isOperator = false) => new()
    {
        Id = Ids.New<UserId>(now),
        WorkspaceId = workspace,
        Email = NormaliseEmail(email),
        Name = name,
        Role = role,
        IsOperator = isOperator,
        CreatedAt = now,
    };

    public static string NormaliseEmail(string email) => email.Trim().ToLowerInvariant();

    public void ChangePassword(string hash) => PasswordHash = hash;

    public void Introduce(string email, string name) => (Email, Name) = (NormaliseEmail(email), name);

    public void Disable(DateTimeOffset now)
    {
        if (IsOperator) throw new RuleBroken("user.is_operator", "The operator of this installation cannot be removed.");
        DisabledAt ??= now;
    }
}
