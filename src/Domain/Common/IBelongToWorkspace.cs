using AiPlatform.Domain.Identity;

namespace AiPlatform.Domain.Common;

/// <summary>A row of one tenant. Every query for it passes one filter on <see cref="WorkspaceId"/>.</summary>
public interface IBelongToWorkspace
{
    WorkspaceId WorkspaceId { get; }
}
