using AiPlatform.Domain.Common;
using AiPlatform.Domain.Identity;

namespace AiPlatform.Domain.Chat;

/// <summary>A client's own name for a request, under which a repeat finds what the first made.</summary>
public sealed class IdempotencyKey : IBelongToWorkspace
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    private IdempotencyKey()
    {
    }

    public IdempotencyKey(WorkspaceId workspace, string endpoint, string key, byte[] bodyHash, ResponseId response, DateTimeOffset now) =>
        (WorkspaceId, Endpoint, Key, BodyHash, ResponseId, ExpiresAt) = (workspace, endpoint, key, bodyHash, response, now + Lifetime);

    public WorkspaceId WorkspaceId { get; private set; }
    public string Endpoint { get; private set; } = "";
    public string Key { get; private set; } = "";

    /// <summary>SHA-256 of the request's body.</summary>
    public byte[] BodyHash { get; private set; } = [];

    public ResponseId ResponseId { get; private set; }
    public DateTimeOffset ExpiresAt { get; private set; }
}
