using AiPlatform.Application.Inference.Contracts;
using Microsoft.Extensions.AI;

namespace AiPlatform.Infrastructure.ModelProviders;

/// <summary>Hands each call to the provider of its model.</summary>
internal sealed class ModelRegistry(IEnumerable<IModelProvider> providers) : IChatModel
{
    private readonly Dictionary<string, IModelProvider> _providers = providers.ToDictionary(provider => provider.Name);

    public Task<ModelAnswer> CompleteAsync(ModelCall call, CancellationToken cancellationToken) =>
        _providers[call.Model.Provider].Chat.CompleteAsync(call, cancellationToken);

    public IAsyncEnumerable<ModelChunk> StreamAsync(ModelCall call, CancellationToken cancellationToken) =>
        _providers[call.Model.Provider].Chat.StreamAsync(call, cancellationToken);

    public IEmbeddingGenerator<EmbeddingInput, Embedding<float>>? For(ModelDescriptor model) => _providers[model.Provider].Embeddings;

    public IReranker? RerankerOf(ModelDescriptor model) => _providers[model.Provider].Reranker;
}
