using System.Text.Json;
using AiPlatform.Application.Knowledge.Contracts;
using AiPlatform.Application.Knowledge.Search;
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
    public RankingOptions? RankingOptions { get; init; }

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
        Ranking = RankingOptions.Read(RankingOptions),
    };
}

internal sealed class EvaluationSettingsRules : AbstractValidator<EvaluationSettings>
{
    public EvaluationSettingsRules()
    {
        RuleFor(settings => settings.MaxNumResults).InclusiveBetween(1, EvaluationSettings.MostResults).WithMessage($"it must be from 1 to {EvaluationSettings.MostResults}.");
        RuleFor(settings => settings.RankingOptions!).SetValidator(new RankingRules()).When(settings => settings.RankingOptions is not null);
    }
}
