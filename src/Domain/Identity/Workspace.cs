using AiPlatform.Domain.Common;

namespace AiPlatform.Domain.Identity;

/// <summary>A tenant: people and programs in it share what it holds, and nobody else sees any of it.</summary>
public sealed class Workspace
{
    public const int NameMaxLength = 100;

    private Workspace()
    {
    }

    public WorkspaceId Id { get; private set; }
    public string Name { get; private set; } = "";
    public DateTimeOffset CreatedAt { get; private set; }

    public static Workspace Create(string name, DateTimeOffset now) => new() { Id = Ids.New<WorkspaceId>(now), Name = name, CreatedAt = now };
}
