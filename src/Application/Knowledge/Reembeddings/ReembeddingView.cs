using AiPlatform.Domain.Knowledge;

namespace AiPlatform.Application.Knowledge.Reembeddings;

/// <summary>The latest change of a vector store to another embedding model. <c>Completed</c> of <c>Total</c> chunks have their new vector.</summary>
public sealed record ReembeddingView(
    string Status, string EmbeddingModel, int? Dimensions, int Completed, int Total, int Attempts, long? NextRetryAt, string? LastError, long CreatedAt, long UpdatedAt)
{
    internal static ReembeddingView Of(Reembedding reembedding) => new(
        reembedding.Status switch
        {
            ReembeddingStatus.InProgress => "in_progress",
            ReembeddingStatus.Completed => "completed",
            ReembeddingStatus.Failed => "failed",
            _ => "cancelled",
        },
        reembedding.EmbeddingModel,
        reembedding.Dimensions,
        Math.Min(reembedding.Done, reembedding.Total),
        reembedding.Total,
        reembedding.Attempts,
        reembedding.NextRetryAt?.ToUnixTimeSeconds(),
        reembedding.ErrorMessage,
        reembedding.CreatedAt.ToUnixTimeSeconds(),
        reembedding.UpdatedAt.ToUnixTimeSeconds());
}
