using AiPlatform.Domain.Common;
using AiPlatform.Domain.Identity;

namespace AiPlatform.Application.Identity.Contracts;

/// <summary>Who is asking. Every use case runs for one caller, in that caller's workspace.</summary>
public interface ICaller
{
    /// <summary>Throws <see cref="Unauthenticated"/> where nobody is known.</summary>
    Caller Current { get; }
}

/// <summary>A recognised person or program.</summary>
public sealed record Caller(WorkspaceId WorkspaceId, UserId UserId, Role Role, bool IsOperator, ApiKeyId? ApiKeyId, IReadOnlyList<string> Scopes)
{
    public bool May(string scope) => Scopes.Contains(scope);
}

/// <summary>
/// What a unit of work may see: one workspace, everything (<see cref="EnterSystem"/>, for work that is no tenant's), or by default nothing.
/// One per dependency-injection scope; set by authentication, or by whoever starts background work.
/// </summary>
public sealed class CallerContext : ICaller
{
    private Caller? _caller;

    public Caller Current => _caller ?? throw new Unauthenticated("invalid_api_key", "No caller is known for this request.");

    /// <summary>The workspace that queries are confined to; an id that no row has until a caller is known.</summary>
    public WorkspaceId WorkspaceId => _caller?.WorkspaceId ?? default;

    public bool IsSystem { get; private set; }

    public void Enter(Caller caller) => (_caller, IsSystem) = (caller, false);

    public void EnterSystem() => (_caller, IsSystem) = (null, true);
}
