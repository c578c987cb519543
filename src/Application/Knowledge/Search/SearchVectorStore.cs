using System.Text.Json;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Knowledge.Contracts;
using FluentValidation;
using MediatR;

namespace AiPlatform.Application.Knowledge.Search;

/// <summary>Searches a vector store.</summary>
public sealed record SearchVectorStore(string Id, SearchRequest Body) : IRequest<SearchResultsPage>;

/// <summary>The body of <c>POST /v1/vector_stores/{id}/search</c>.</summary>
public sealed record SearchRequest
{
    /// <summary>A question, or several: a passage counts by the one it answers best.</summary>
    public JsonElement Query { get; init; }

    /// <summary>Words the question for search first, where that helps.</summary>
    public bool? RewriteQuery { get; init; }

    public int? MaxNumResults { get; init; }
    public JsonElement? Filters { get; init; }
    public RankingOptions? RankingOptions { get; init; }

    /// <summary><c>next_page</c> of the answer before.</summary>
    public string? Page { get; init; }

    /// <summary>Whether results say why they were found.</summary>
    public bool? Explain { get; init; }
}

public sealed record RankingOptions
{
    /// <summary><c>none</c>: no model looks at the passages once more.</summary>
    public string? Ranker { get; init; }

    public double? ScoreThreshold { get; init; }

    /// <summary>How much meaning and words count. Default: what suits the store's embedding model.</summary>
    public HybridSearch? HybridSearch { get; init; }

    internal static DocumentRanking Read(RankingOptions? options) => new()
    {
        Rerank = options?.Ranker is not "none",
        ScoreThreshold = options?.ScoreThreshold ?? 0,
        Weights = options?.HybridSearch is { EmbeddingWeight: { } embedding, TextWeight: { } text } ? new HybridWeights(embedding, text) : null,
    };
}

public sealed record HybridSearch(double? EmbeddingWeight, double? TextWeight);

internal sealed class SearchVectorStoreValidator : AbstractValidator<SearchVectorStore>
{
    private const int MostQueries = 10;
    private const int QueryMaxLength = 4096;
    private const int MostResults = 50;

    public SearchVectorStoreValidator()
    {
        RuleFor(request => request.Body.Query).Must(IsQuery).WithMessage($"it must be a string of 1 to {QueryMaxLength} characters, or an array of up to {MostQueries} of them.").OverridePropertyName("query");
        RuleFor(request => request.Body.MaxNumResults).InclusiveBetween(1, MostResults).WithMessage($"it must be from 1 to {MostResults}.").OverridePropertyName("max_num_results");
        RuleFor(request => request.Body.RankingOptions!).SetValidator(new RankingRules()).When(request => request.Body.RankingOptions is not null).OverridePropertyName("ranking_options");
    }

    private static bool IsQuery(JsonElement query) => query.ValueKind switch
    {
        JsonValueKind.String => IsText(query),
        JsonValueKind.Array => query.GetArrayLength() is > 0 and <= MostQueries && query.EnumerateArray().All(IsText),
        _ => false,
    };

    private static bool IsText(JsonElement query) => query.ValueKind is JsonValueKind.String && query.GetString() is { Length: <= QueryMaxLength } text && !string.IsNullOrWhiteSpace(text);
}

internal sealed class RankingRules : AbstractValidator<RankingOptions>
{
    private const double HeaviestWeight = 1000;

    public RankingRules()
    {
        RuleFor(options => options.Ranker).Must(ranker => ranker is null or "none" or "auto" or "default-2024-11-15" or "default-2024-08-21")
            .WithMessage("it must be 'none', 'auto' or 'default-2024-11-15'.");
        RuleFor(options => options.ScoreThreshold).InclusiveBetween(0, 1).WithMessage("it must be from 0 to 1.");
        RuleFor(options => options.HybridSearch).Must(weights => weights is null || (IsWeight(weights.EmbeddingWeight) && IsWeight(weights.TextWeight) && weights.EmbeddingWeight + weights.TextWeight > 0))
            .WithMessage($"it takes 'embedding_weight' and 'text_weight', each from 0 to {HeaviestWeight} and not both 0.");
    }

    private static bool IsWeight(double? weight) => weight is >= 0 and <= HeaviestWeight;
}

internal sealed class SearchVectorStoreHandler(DocumentSearch search, ICaller caller) : IRequestHandler<SearchVectorStore, SearchResultsPage>
{
    private const int DefaultResults = 10;

    public async Task<SearchResultsPage> Handle(SearchVectorStore request, CancellationToken cancellationToken)
    {
        var (workspace, body) = (caller.Current.WorkspaceId, request.Body);
        var filter = AttributeFilterReader.Read(body.Filters, "filters");
        var skip = SearchPage.Read(request);
        var stores = await search.RequireAsync(workspace, [request.Id], "vector_store_id", cancellationToken);
        var query = new DocumentQuery
        {
            WorkspaceId = workspace,
            Stores = [.. stores.Select(store => store.Id)],
            Queries = body.Query.ValueKind is JsonValueKind.String ? [body.Query.GetString()!] : [.. body.Query.EnumerateArray().Select(text => text.GetString()!)],
            MaxResults = body.MaxNumResults ?? DefaultResults,
            Skip = skip,
            Filter = filter,
            Ranking = RankingOptions.Read(body.RankingOptions),
            RewriteQueries = body.RewriteQuery ?? false,
            Explain = body.Explain ?? false,
        };
        var hits = await search.SearchAsync(query, stores, cancellationToken);
        return new SearchResultsPage(hits.Queries, [.. hits.Hits.Select(SearchResult.Of)], hits.HasMore)
        {
            NextPage = hits.HasMore ? SearchPage.Write(request, skip + hits.Hits.Count) : null,
            Warning = hits.Warning,
        };
    }
}
