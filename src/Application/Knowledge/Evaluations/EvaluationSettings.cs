using System.Text.Json;
using AiPlatform.Application.Knowledge.Contracts;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Knowledge;
using FluentValidation;

namespace AiPlatform.Application.Knowledge.Evaluations;

/// <summary>How the store is searched, as in the API's search.</summary>
public sealed record EvaluationSettings
{
    public const int DefaultResults = 10;
    public const int MostResults = 50;

    public int? MaxNumResults { get; init; }
    public bool? RewriteQuery { get; init; }
    public JsonElement? Filters { get; init; }
    public EvaluationRanking? RankingOptions { get; init; }

    internal int Results => MaxNumResults ?? DefaultResults;

    /// <summary>The search of one question; the filter was read when the evaluation was made.</summary>
    internal DocumentQuery QueryOf(WorkspaceId workspace, IReadOnlyList<VectorStoreId> stores, AttributeFilter? filter, string question) => new()
    {
        WorkspaceId = workspace,
        Stores = stores,
        Queries = [question],
        MaxResults = Results,
        RewriteQueries = RewriteQuery ?? false,
        Filter = filter,
        Ranking = new DocumentRanking
        {
            Rerank = RankingOptions?.Ranker != "none",
            ScoreThreshold = RankingOptions?.ScoreThreshold ?? 0,
            Weights = RankingOptions?.HybridSearch is { EmbeddingWeight: { } embedding, TextWeight: { } text } ? new HybridWeights(embedding, text) : null,
        },
    };
}

/// <summary><c>Ranker</c> is <c>auto</c> or <c>none</c>; hits below <c>ScoreThreshold</c> are left out.</summary>
public sealed record EvaluationRanking
{
    public string? Ranker { get; init; }
    public double? ScoreThreshold { get; init; }
    public EvaluationWeights? HybridSearch { get; init; }
}

/// <summary>How much meaning and words count.</summary>
public sealed record EvaluationWeights(double? EmbeddingWeight, double? TextWeight);

internal sealed class EvaluationSettingsRules : AbstractValidator<EvaluationSettings>
{
    public EvaluationSettingsRules()
    {
        RuleFor(settings => settings.MaxNumResults).InclusiveBetween(1, EvaluationSettings.MostResults).WithMessage($"it must be from 1 to {EvaluationSettings.MostResults}.");
        RuleFor(settings => settings.RankingOptions!.Ranker).Must(ranker => ranker is null or "none" or "auto" or "default-2024-11-15")
            .When(settings => settings.RankingOptions is not null).OverridePropertyName("ranking_options.ranker").WithMessage("it must be 'auto' or 'none'.");
        RuleFor(settings => settings.RankingOptions!.ScoreThreshold).InclusiveBetween(0, 1)
            .When(settings => settings.RankingOptions is not null).OverridePropertyName("ranking_options.score_threshold").WithMessage("it must be from 0 to 1.");
        RuleFor(settings => settings.RankingOptions!.HybridSearch).Must(AreWeights)
            .When(settings => settings.RankingOptions is not null).OverridePropertyName("ranking_options.hybrid_search")
            .WithMessage("it takes embedding_weight and text_weight, both at least 0 and one of them above.");
    }

    private static bool AreWeights(EvaluationWeights? weights) =>
        weights is null or { EmbeddingWeight: >= 0 and < double.PositiveInfinity, TextWeight: >= 0 and < double.PositiveInfinity } && weights is not { EmbeddingWeight: 0, TextWeight: 0 };
}
