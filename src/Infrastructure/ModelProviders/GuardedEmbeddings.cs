using AiPlatform.Application.Inference.Contracts;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Infrastructure.ModelProviders;

/// <summary>Embedding calls with a timeout and one log line each: numbers and names only, no text.</summary>
internal sealed partial class GuardedEmbeddings(ModelRegistry registry, TimeoutOptions timeouts, TimeProvider clock, ILogger<GuardedEmbeddings> log) : IEmbeddings
{
    public IEmbeddingGenerator<EmbeddingInput, Embedding<float>>? For(ModelDescriptor model) =>
        registry.For(model) is { } generator ? new Guarded(generator, model, this) : null;

    private sealed class Guarded(IEmbeddingGenerator<EmbeddingInput, Embedding<float>> inner, ModelDescriptor model, GuardedEmbeddings owner)
        : DelegatingEmbeddingGenerator<EmbeddingInput, Embedding<float>>(inner)
    {
        public override Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
            IEnumerable<EmbeddingInput> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default) =>
            owner.CallAsync(model, token => base.GenerateAsync(values, options, token), cancellationToken);
    }

    private async Task<GeneratedEmbeddings<Embedding<float>>> CallAsync(
        ModelDescriptor model, Func<CancellationToken, Task<GeneratedEmbeddings<Embedding<float>>>> call, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        var (outcome, tokens) = ("cancelled", (long?)null);
        using var limit = new CancellationTokenSource(timeouts.FirstToken, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            var embeddings = await call(either.Token);
            (outcome, tokens) = ("ok", embeddings.Usage?.InputTokenCount);
            return embeddings;
        }
        catch (Exception e) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            outcome = "upstream_timeout";
            throw new UpstreamFailed(
                UpstreamFailure.Timeout, outcome, $"The model '{model.Id}' did not answer within {timeouts.FirstToken.TotalSeconds:0.###} s (setting Inference:Timeouts:FirstToken).", inner: e);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            outcome = (e as UpstreamFailed)?.Code ?? e.GetType().Name;
            throw;
        }
        finally
        {
            LogCall(log, outcome is "ok" or "cancelled" ? LogLevel.Information : LogLevel.Warning, model.Provider, model.Id, outcome, tokens, clock.GetElapsedTime(started).TotalMilliseconds);
        }
    }

    [LoggerMessage(Message = "Embedding call to {Provider} {Model}: {Outcome}")]
    private static partial void LogCall(ILogger log, LogLevel level, string provider, string model, string outcome, long? inputTokens, double totalMs);
}
