using System.Collections.Concurrent;
using AiPlatform.Application.Inference.Contracts;
using AiPlatform.Application.Knowledge.Ingestion;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Application.Knowledge.Search;

/// <summary>
/// Vectors of queries. A search does not fail with the model: it gets none and finds by words alone. After a failure the model is left in peace for a while, so that not every search waits
/// for it.
/// </summary>
internal sealed partial class QueryEmbeddings(IModelCatalogue catalogue, IEmbeddings embeddings, KnowledgeOptions options, TimeProvider clock, ILogger<QueryEmbeddings> log)
{
    private const int Tries = 2;
    private const int MostKept = 2000;
    private const int LongestKept = 2000;
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan LeftInPeace = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<(string Model, int Dimensions, string Text), (float[] Vector, long At)> _known = [];
    private readonly ConcurrentDictionary<string, long> _failed = [];

    /// <summary>One for each text; null where the model does not give them.</summary>
    public async Task<IReadOnlyList<float[]>?> EmbedAsync(string model, int dimensions, IReadOnlyList<string> texts, CancellationToken cancellationToken)
    {
        var vectors = texts.Select(text => Find(model, dimensions, text)).ToList();
        List<string> missing = [.. texts.Where((_, i) => vectors[i] is null).Distinct()];
        if (missing.Count == 0) return vectors!;
        if (_failed.TryGetValue(model, out var failed) && clock.GetElapsedTime(failed) < LeftInPeace) return null;
        if (await AskAsync(model, dimensions, missing, cancellationToken) is not { } asked) return null;
        if (_known.Count + missing.Count > MostKept) _known.Clear();
        var now = clock.GetTimestamp();
        foreach (var (text, vector) in missing.Zip(asked))
            if (text.Length <= LongestKept) _known[(model, dimensions, text)] = (vector, now);
        var byText = missing.Zip(asked).ToDictionary(pair => pair.First, pair => pair.Second);
        return [.. vectors.Select((vector, i) => vector ?? byText[texts[i]])];
    }

    private float[]? Find(string model, int dimensions, string text) =>
        _known.TryGetValue((model, dimensions, text), out var known) && clock.GetElapsedTime(known.At) < Kept ? known.Vector : null;

    private async Task<List<float[]>?> AskAsync(string model, int dimensions, List<string> texts, CancellationToken cancellationToken)
    {
        for (var left = Tries; ; left--)
        {
            using var limit = new CancellationTokenSource(options.QueryEmbeddingTimeout, clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
            try
            {
                var vectors = await TryAsync(model, dimensions, texts, either.Token);
                _failed.TryRemove(model, out _);
                return vectors;
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                if (left > 1 && e is OperationCanceledException or UpstreamFailed { IsTransient: true }) continue;
                _failed[model] = clock.GetTimestamp();
                LogFailed(log, model, (e as UpstreamFailed)?.Code ?? e.GetType().Name, e.Message);
                return null;
            }
        }
    }

    private async Task<List<float[]>> TryAsync(string model, int dimensions, List<string> texts, CancellationToken cancellationToken)
    {
        var known = await catalogue.FindAsync(model, cancellationToken) ?? throw new StepFailed("It is not among the models of this server any more.");
        var generator = embeddings.For(known) ?? throw new StepFailed($"The provider '{known.Provider}' offers no embeddings.");
        var vectors = await new EmbeddingCall(generator, known, dimensions).EmbedAsync(texts, cancellationToken);
        if (vectors.FirstOrDefault(vector => vector.Length != dimensions) is { Length: > 0 and var other }) throw new StepFailed($"It gives vectors of {other} dimensions, and the store has {dimensions}.");
        return [.. vectors.Select(vector => vector.ToArray())];
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Queries are searched by words alone for now: no vectors of the model {Model} ({Code}): {Problem}")]
    private static partial void LogFailed(ILogger log, string model, string code, string problem);
}
