using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Knowledge;

namespace AiPlatform.Application.Knowledge.Evaluations;

/// <summary>The progress of evaluations, as those who work on them write it.</summary>
public interface IEvaluationLog
{
    /// <summary>Takes it in hand, out of whoever's hands it was in; null if it has ended.</summary>
    Task<ClaimedEvaluation?> ClaimAsync(EvaluationId id, CancellationToken cancellationToken);

    /// <summary>Writes what was found, all of it or nothing. False: it is in other hands, cancelled or deleted, and whoever worked on it stops.</summary>
    Task<bool> SaveAsync(ClaimedEvaluation evaluation, IReadOnlyList<AnsweredQuestion> answers, CancellationToken cancellationToken);

    /// <summary>Nothing happens if it is in other hands.</summary>
    Task CompleteAsync(ClaimedEvaluation evaluation, string metrics, CancellationToken cancellationToken);

    /// <summary>Nothing happens if it is in other hands.</summary>
    Task FailAsync(ClaimedEvaluation evaluation, string code, string message, CancellationToken cancellationToken);

    /// <summary>Those that have not ended and that nobody has touched for this long.</summary>
    Task<IReadOnlyList<WaitingEvaluation>> StalledAsync(TimeSpan since, CancellationToken cancellationToken);
}

public readonly record struct WaitingEvaluation(EvaluationId Id, WorkspaceId WorkspaceId);

/// <summary>An evaluation that this process has in hand for now. <c>Attempts</c>: how often it was begun since it last came on, this time included.</summary>
public sealed record ClaimedEvaluation(EvaluationId Id, WorkspaceId WorkspaceId, VectorStoreId VectorStoreId, string Settings, int Epoch, int Attempts);

public sealed record AnsweredQuestion(int Ordinal, IReadOnlyList<int> FoundAt, IReadOnlyList<int> RelevantAt, int HitCount, double LatencyMs, string Hits);
