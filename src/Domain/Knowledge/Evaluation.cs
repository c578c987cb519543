using AiPlatform.Domain.Common;
using AiPlatform.Domain.Identity;

namespace AiPlatform.Domain.Knowledge;

public enum EvaluationStatus
{
    Queued,
    InProgress,
    Completed,
    Failed,
    Cancelled,
}

/// <summary>
/// How well a vector store answered a set of questions with known answers. It outlives the store, so it keeps the store's name and model. Whoever works on it
/// writes progress and end by hand-written statements, under an epoch of its own.
/// </summary>
public sealed class Evaluation : IBelongToWorkspace
{
    public const int NameMaxLength = 256;

    private Evaluation()
    {
    }

    public EvaluationId Id { get; private set; }
    public WorkspaceId WorkspaceId { get; private set; }
    public UserId UserId { get; private set; }
    public string Name { get; private set; } = "";
    public VectorStoreId VectorStoreId { get; private set; }
    public string VectorStoreName { get; private set; } = "";
    public string EmbeddingModel { get; private set; } = "";

    /// <summary>How the store was searched, as JSON.</summary>
    public string Settings { get; private set; } = "{}";

    public EvaluationStatus Status { get; private set; }

    /// <summary>How many questions there are, and how many of them have been asked.</summary>
    public int Questions { get; private set; }

    public int Asked { get; private set; }

    /// <summary>Raised by each who begins: what is written under another is refused.</summary>
    public int Epoch { get; private set; }

    /// <summary>How often it was begun since it last came on.</summary>
    public int Attempts { get; private set; }

    /// <summary>Who has it in hand, to be found in logs.</summary>
    public string? Owner { get; private set; }

    public string? ErrorCode { get; private set; }
    public string? ErrorMessage { get; private set; }

    /// <summary>As JSON, once all is asked.</summary>
    public string? Metrics { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }
    public DateTimeOffset UpdatedAt { get; private set; }
    public DateTimeOffset? StartedAt { get; private set; }
    public DateTimeOffset? EndedAt { get; private set; }

    public static Evaluation Create(VectorStore store, UserId user, string name, string settings, int questions, DateTimeOffset now) => new()
    {
        Id = Ids.New<EvaluationId>(now),
        WorkspaceId = store.WorkspaceId,
        UserId = user,
        Name = name,
        VectorStoreId = store.Id,
        VectorStoreName = store.Name,
        EmbeddingModel = store.EmbeddingModel,
        Settings = settings,
        Status = EvaluationStatus.Queued,
        Questions = questions,
        CreatedAt = now,
        UpdatedAt = now,
    };
}

/// <summary>A question, what answers it, and what was found.</summary>
public sealed class EvaluationQuestion : IBelongToWorkspace
{
    private EvaluationQuestion()
    {
    }

    public EvaluationId EvaluationId { get; private set; }
    public WorkspaceId WorkspaceId { get; private set; }

    /// <summary>Its place among the questions, from 1.</summary>
    public int Ordinal { get; private set; }

    public string QuestionId { get; private set; } = "";

    /// <summary>The id was given with it, and not made from its place.</summary>
    public bool IsNamed { get; private set; }

    public string Query { get; private set; } = "";

    /// <summary>What answers it, as JSON.</summary>
    public string Relevant { get; private set; } = "[]";

    /// <summary>For each that is relevant the rank it was found at, 0: not found. Null until it was asked, as all that follows.</summary>
    public int[]? FoundAt { get; private set; }

    /// <summary>The ranks of hits that are relevant; several may show the same.</summary>
    public int[]? RelevantAt { get; private set; }

    public int? HitCount { get; private set; }
    public double? LatencyMs { get; private set; }

    /// <summary>As JSON, best first.</summary>
    public string? Hits { get; private set; }

    public static EvaluationQuestion Create(Evaluation evaluation, int ordinal, string? id, string query, string relevant) => new()
    {
        EvaluationId = evaluation.Id,
        WorkspaceId = evaluation.WorkspaceId,
        Ordinal = ordinal,
        QuestionId = id ?? $"q{ordinal}",
        IsNamed = id is not null,
        Query = query,
        Relevant = relevant,
    };
}
