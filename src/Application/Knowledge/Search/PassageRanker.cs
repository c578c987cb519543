using AiPlatform.Application.Inference.Contracts;
using AiPlatform.Domain.Common;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Application.Knowledge.Search;

/// <summary>Has the model that the operator named, if any, look at the best passages once more. One that does not answer leaves their order as it is.</summary>
internal sealed partial class PassageRanker(IModelCatalogue catalogue, IRerankers rerankers, KnowledgeOptions options, TimeProvider clock, ILogger<PassageRanker> log)
{
    /// <summary>How many passages it looks at; those behind them stay behind.</summary>
    public const int Most = 50;

    private const int MostQueries = 3;
    private static readonly TimeSpan LeftInPeace = TimeSpan.FromSeconds(5);

    private long? _failed;

    public bool IsOffered => !string.IsNullOrEmpty(options.RerankModel) && !(_failed is { } failed && clock.GetElapsedTime(failed) < LeftInPeace);

    /// <summary>Scores from 0 to 1 for these texts; null where the model gives none.</summary>
    public async Task<IReadOnlyList<double>?> RankAsync(IReadOnlyList<string> queries, IReadOnlyList<string> texts, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(options.RerankTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            var model = await catalogue.FindAsync(options.RerankModel!, either.Token) ?? throw new NotFound("model_not_found", "It is not among the models of this server (setting Knowledge__RerankModel).");
            var reranker = rerankers.For(model) ?? throw new InvalidRequest("unsupported_model", $"The provider '{model.Provider}' offers no reranking.");
            IReadOnlyList<string> asked = queries.Count <= MostQueries ? queries : [string.Join('\n', queries)];
            var scores = await Task.WhenAll(asked.Select(query => reranker.RankAsync(model, query, texts, either.Token)));
            _failed = null;
            return Scale([.. texts.Select((_, i) => scores.Max(given => given[i]))]);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            _failed = clock.GetTimestamp();
            LogFailed(log, options.RerankModel!, (e as PlatformException)?.Code ?? e.GetType().Name, e.Message);
            return null;
        }
    }

    // Some models give probabilities, some what is under them.
    private static double[] Scale(double[] scores) => Array.TrueForAll(scores, score => score is >= 0 and <= 1) ? scores : Array.ConvertAll(scores, score => 1 / (1 + Math.Exp(-score)));

    [LoggerMessage(Level = LogLevel.Warning, Message = "Passages stay in the order of the search: the model {Model} did not rank them ({Code}): {Problem}")]
    private static partial void LogFailed(ILogger log, string model, string code, string problem);
}
