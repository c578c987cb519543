using AiPlatform.Application.Inference.Contracts;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Infrastructure.ModelProviders;

/// <summary>Reranking calls with one log line each: numbers and names only, no text. How long to wait is the caller's to say.</summary>
internal sealed partial class LoggingRerankers(ModelRegistry registry, TimeProvider clock, ILogger<LoggingRerankers> log) : IRerankers
{
    public IReranker? For(ModelDescriptor model) => registry.RerankerOf(model) is { } reranker ? new Logged(reranker, clock, log) : null;

    private sealed class Logged(IReranker inner, TimeProvider clock, ILogger log) : IReranker
    {
        public async Task<IReadOnlyList<double>> RankAsync(ModelDescriptor model, string query, IReadOnlyList<string> documents, CancellationToken cancellationToken)
        {
            var started = clock.GetTimestamp();
            var outcome = "cancelled";
            try
            {
                var scores = await inner.RankAsync(model, query, documents, cancellationToken);
                outcome = "ok";
                return scores;
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                outcome = (e as UpstreamFailed)?.Code ?? e.GetType().Name;
                throw;
            }
            finally
            {
                LogCall(log, outcome is "ok" or "cancelled" ? LogLevel.Information : LogLevel.Warning, model.Provider, model.Id, outcome, documents.Count, clock.GetElapsedTime(started).TotalMilliseconds);
            }
        }
    }

    [LoggerMessage(Message = "Reranking call to {Provider} {Model}: {Outcome}")]
    private static partial void LogCall(ILogger log, LogLevel level, string provider, string model, string outcome, int documents, double totalMs);
}
