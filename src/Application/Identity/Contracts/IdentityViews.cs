using AiPlatform.Domain.Common;
using AiPlatform.Domain.Identity;

namespace AiPlatform.Application.Identity.Contracts;

/// <summary>Who is signed in. <c>CsrfToken</c> goes into the <c>X-CSRF-Token</c> header of every request that changes something.</summary>
public sealed record SessionView(UserView User, WorkspaceView Workspace, string CsrfToken, bool PasswordSet);

public sealed record UserView(string Id, string Email, string Name, string Role, long CreatedAt, long? DisabledAt)
{
    public static UserView Of(User user) => new(
        user.Id.ToWire(), user.Email, user.Name, RoleNames.Of(user.Role), user.CreatedAt.ToUnixTimeSeconds(), user.DisabledAt?.ToUnixTimeSeconds());
}

public sealed record WorkspaceView(string Id, string Name, long CreatedAt)
{
    public static WorkspaceView Of(Workspace workspace) => new(workspace.Id.ToWire(), workspace.Name, workspace.CreatedAt.ToUnixTimeSeconds());
}

/// <summary>A key without its secret.</summary>
public sealed record ApiKeyView(
    string Id, string Name, string Prefix, IReadOnlyList<string> Scopes, string UserId, long CreatedAt, long? ExpiresAt, long? RevokedAt, long? LastUsedAt)
{
    public static ApiKeyView Of(ApiKey key) => new(
        key.Id.ToWire(),
        key.Name,
        key.Prefix,
        key.Scopes,
        key.UserId.ToWire(),
        key.CreatedAt.ToUnixTimeSeconds(),
        key.ExpiresAt?.ToUnixTimeSeconds(),
        key.RevokedAt?.ToUnixTimeSeconds(),
        key.LastUsedAt?.ToUnixTimeSeconds());
}

/// <summary>The roles as the API names them.</summary>
public static class RoleNames
{
    public static readonly string[] All = ["member", "admin"];

    public static string Of(Role role) => role is Role.Admin ? "admin" : "member";

    public static Role Parse(string name) => name == "admin" ? Role.Admin : Role.Member;
}
