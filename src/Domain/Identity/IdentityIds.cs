using AiPlatform.Domain.Common;

namespace AiPlatform.Domain.Identity;

public readonly record struct WorkspaceId(Guid Value) : IId<WorkspaceId>
{
    public static string Prefix => "ws_";
    public static WorkspaceId From(Guid value) => new(value);
}

public readonly record struct UserId(Guid Value) : IId<UserId>
{
    public static string Prefix => "user_";
    public static UserId From(Guid value) => new(value);
}

public readonly record struct ApiKeyId(Guid Value) : IId<ApiKeyId>
{
    public static string Prefix => "key_";
    public static ApiKeyId From(Guid value) => new(value);
}
