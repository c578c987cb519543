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

    /// <summary>Which of its generations of vectors searches use. Each model it changes to begins another.</summary>
    public int Generation { get; private set; } = 1;

    /// <summary>The latest generation that was begun.</summary>
    public int LastGeneration { get; private set; } = 1;

    /// <summary>The generation searches used before, kept for a while to go back to; null: none is.</summary>
    public int? PreviousGeneration { get; private set; }

    public string? PreviousEmbeddingModel { get; private set; }
    public int? PreviousDimensions { get; private set; }

    /// <summary>Until when the previous generation is kept.</summary>
    public DateTimeOffset? PreviousUntil { get; private set; }

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

    /// <summary>Begins the change to another model.</summary>
    public Reembedding ChangeModel(string model, int? dimensions, DateTimeOffset now) => Reembedding.Start(this, ++LastGeneration, model, dimensions, now);

    /// <summary>Begins the way back to the previous model, whose vectors are there but for what came since.</summary>
    public Reembedding GoBack(DateTimeOffset now) => PreviousGeneration is { } generation
        ? Reembedding.Start(this, generation, PreviousEmbeddingModel!, PreviousDimensions, now)
        : throw new InvalidOperationException("There is no previous model to go back to.");

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
