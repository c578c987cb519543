using AiPlatform.Application.Inference.Contracts;
using AiPlatform.Domain.Common;
using Microsoft.Extensions.AI;

namespace AiPlatform.Infrastructure.ModelProviders.Offline;

/// <summary>
/// An embedding without a model: it compares the words and parts of words of two texts, in any language, and knows nothing of meaning.
/// Deterministic; needs no network and no key.
/// </summary>
internal sealed class OfflineEmbeddingGenerator(ITokenCounter tokens) : IEmbeddingGenerator<EmbeddingInput, Embedding<float>>
{
    private const int DefaultDimensions = 768;
    private const int FewestDimensions = 64;
    private const int MostDimensions = 2048;

    private readonly EmbeddingGeneratorMetadata _metadata = new("offline", null, OfflineProvider.EmbeddingModel, DefaultDimensions);

    public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<EmbeddingInput> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        var dimensions = options?.Dimensions ?? DefaultDimensions;
        if (dimensions is < FewestDimensions or > MostDimensions)
            throw new InvalidRequest("invalid_value", $"The offline embedding has {FewestDimensions} to {MostDimensions} dimensions, not {dimensions}.", "dimensions");

        var embeddings = new GeneratedEmbeddings<Embedding<float>>();
        var used = 0;
        foreach (var value in values)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var text = value switch
            {
                EmbeddingInput.Text given => given.Value,
                EmbeddingInput.Tokens encoded => tokens.Decode(OfflineProvider.EmbeddingModel, encoded.Ids),
                _ => throw new InvalidOperationException($"Unknown embedding input {value.GetType().Name}."),
            };
            used += value is EmbeddingInput.Tokens { Ids.Count: var count } ? count : tokens.Count(OfflineProvider.EmbeddingModel, text);
            embeddings.Add(new Embedding<float>(HashedFeatures.Embed(text, dimensions)) { ModelId = OfflineProvider.EmbeddingModel });
        }

        embeddings.Usage = new UsageDetails { InputTokenCount = used, TotalTokenCount = used };
        return Task.FromResult(embeddings);
    }

    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        if (serviceKey is not null) return null;
        if (serviceType == typeof(EmbeddingGeneratorMetadata)) return _metadata;
        return serviceType.IsInstanceOfType(this) ? this : null;
    }

    public void Dispose()
    {
    }
}
