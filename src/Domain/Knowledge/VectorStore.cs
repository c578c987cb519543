using AiPlatform.Domain.Common;
using AiPlatform.Domain.Identity;

namespace AiPlatform.Domain.Knowledge;

/// <summary>A collection of files that can be searched together. All its vectors come from one model and have one number of dimensions.</summary>
public sealed class VectorStore : IBelongToWorkspace
{
    public const int NameMaxLength = 256;
    public const int DescriptionMaxLength = 512;

    /// <summary>Of a vector: what fits into a page of the database, and so into an index.</summary>
    public const int MostDimensions = 4000;

    private VectorStore()
    {
    }

    public VectorStoreId Id { get; private set; }
    public WorkspaceId WorkspaceId { get; private set; }
    public UserId UserId { get; private set; }
    public string Name { get; private set; } = "";
    public string? Description { get; private set; }
    public Dictionary<string, string> Metadata { get; private set; } = [];
    public string EmbeddingModel { get; private set; } = "";

    /// <summary>Known from its first vector on, unless it was asked for.</summary>
    public int? Dimensions { get; private set; }

    /// <summary>How many days after its last use it expires; null: never.</summary>
    public int? ExpiresAfterDays { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }
    public DateTimeOffset LastActiveAt { get; private set; }

    /// <summary>Nobody sees it any more; its chunks are being cleared away.</summary>
    public DateTimeOffset? DeletedAt { get; private set; }

    public DateTimeOffset? ExpiresAt => ExpiresAfterDays is { } days ? LastActiveAt.AddDays(days) : null;

    public static VectorStore Create(
        WorkspaceId workspace, UserId user, string name, string? description, Dictionary<string, string>? metadata, string embeddingModel, int? dimensions, int? expiresAfterDays, DateTimeOffset now) => new()
    {
        Id = Ids.New<VectorStoreId>(now),
        WorkspaceId = workspace,
        UserId = user,
        Name = name,
        Description = description,
        Metadata = metadata ?? [],
        EmbeddingModel = embeddingModel,
        Dimensions = dimensions,
        ExpiresAfterDays = expiresAfterDays,
        CreatedAt = now,
        LastActiveAt = now,
    };

    public bool IsExpiredAt(DateTimeOffset now) => ExpiresAt <= now;

    public void Rename(string name) => Name = name;

    public void ReplaceMetadata(Dictionary<string, string> metadata) => Metadata = metadata;

    public void ExpireAfter(int? days) => ExpiresAfterDays = days;

    /// <summary>Notes that it was used; what is expired stays so.</summary>
    public void Touch(DateTimeOffset now)
    {
        if (!IsExpiredAt(now)) LastActiveAt = now;
    }

    public void Delete(DateTimeOffset now) => DeletedAt ??= now;
}
