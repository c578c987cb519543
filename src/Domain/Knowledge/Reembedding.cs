using AiPlatform.Domain.Common;
using AiPlatform.Domain.Identity;

namespace AiPlatform.Domain.Knowledge;

public enum ReembeddingStatus
{
    InProgress,
    Completed,
    Failed,
    Cancelled,
}

/// <summary>
/// The change of a vector store to the vectors of another model. They are made beside those that searches use, as a generation of their own, and take their place at once when all are there.
/// Workers write how far it has come by hand-written SQL.
/// </summary>
public sealed class Reembedding : IBelongToWorkspace
{
    private Reembedding()
    {
    }

    public ReembeddingId Id { get; private set; }
    public WorkspaceId WorkspaceId { get; private set; }
    public VectorStoreId VectorStoreId { get; private set; }

    /// <summary>The generation of the vectors that are being made.</summary>
    public int Generation { get; private set; }

    public string EmbeddingModel { get; private set; } = "";

    /// <summary>Known from its first vector on, unless it was asked for.</summary>
    public int? Dimensions { get; private set; }

    public ReembeddingStatus Status { get; private set; }

    /// <summary>Chunks that have a vector of the new model, of <see cref="Total"/>.</summary>
    public int Done { get; private set; }

    /// <summary>0 until somebody has counted.</summary>
    public int Total { get; private set; }

    /// <summary>How often it has been begun since it last came on.</summary>
    public int Attempts { get; private set; }

    public DateTimeOffset? NextRetryAt { get; private set; }
    public string? ErrorMessage { get; private set; }

    /// <summary>Raised by whoever takes or ends it: what is written under another is refused.</summary>
    public int Epoch { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }
    public DateTimeOffset UpdatedAt { get; private set; }

    internal static Reembedding Start(VectorStore store, int generation, string model, int? dimensions, DateTimeOffset now) => new()
    {
        Id = Ids.New<ReembeddingId>(now),
        WorkspaceId = store.WorkspaceId,
        VectorStoreId = store.Id,
        Generation = generation,
        EmbeddingModel = model,
        Dimensions = dimensions,
        Status = ReembeddingStatus.InProgress,
        Epoch = 1,
        CreatedAt = now,
        UpdatedAt = now,
    };

    /// <summary>Goes on with what failed; the vectors it made are still there.</summary>
    public void Retry(DateTimeOffset now) =>
        (Status, Attempts, NextRetryAt, ErrorMessage, Epoch, UpdatedAt) = (ReembeddingStatus.InProgress, 0, null, null, Epoch + 1, now);

    public void Cancel(DateTimeOffset now) => (Status, NextRetryAt, ErrorMessage, Epoch, UpdatedAt) = (ReembeddingStatus.Cancelled, null, null, Epoch + 1, now);
}
