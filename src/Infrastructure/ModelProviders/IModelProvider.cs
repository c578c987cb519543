using AiPlatform.Application.Inference.Contracts;
using Microsoft.Extensions.AI;

namespace AiPlatform.Infrastructure.ModelProviders;

/// <summary>One configured vendor: how to talk to its models, and which it has. One instance per provider for the life of the process.</summary>
internal interface IModelProvider
{
    /// <summary>The name it is configured under.</summary>
    string Name { get; }

    IChatModel Chat { get; }

    /// <summary>Null where the vendor offers no embeddings.</summary>
    IEmbeddingGenerator<EmbeddingInput, Embedding<float>>? Embeddings { get; }

    /// <summary>Null where the vendor offers no reranking.</summary>
    IReranker? Reranker { get; }

    /// <summary>The models it offers now. Throws <see cref="UpstreamFailed"/>.</summary>
    Task<IReadOnlyList<ModelDescriptor>> DiscoverAsync(CancellationToken cancellationToken);
}
