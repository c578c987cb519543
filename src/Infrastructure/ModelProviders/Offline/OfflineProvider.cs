using AiPlatform.Application.Inference.Contracts;
using Microsoft.Extensions.AI;

namespace AiPlatform.Infrastructure.ModelProviders.Offline;

/// <summary>The provider that is always there, so that every feature works on a fresh machine: it quotes and it compares words, nothing more.</summary>
internal sealed class OfflineProvider(ITokenCounter tokens, TimeProvider clock) : IModelProvider
{
    public const string ChatModel = "offline";
    public const string EmbeddingModel = "offline-embedding";

    private const int ChatContextWindow = 128_000;
    private const int EmbeddingContextWindow = 8_192;

    public string Name => "offline";

    public IChatModel Chat { get; } = new OfflineChatModel(tokens, clock);

    public IEmbeddingGenerator<EmbeddingInput, Embedding<float>> Embeddings { get; } = new OfflineEmbeddingGenerator(tokens);

    public IReranker? Reranker => null;

    public Task<IReadOnlyList<ModelDescriptor>> DiscoverAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<ModelDescriptor>>(
    [
        new() { Id = ChatModel, Provider = Name, UpstreamName = ChatModel, Created = DateTimeOffset.UnixEpoch, ContextWindow = ChatContextWindow, TakesPrefill = true, CallsTools = false },
        new() { Id = EmbeddingModel, Provider = Name, UpstreamName = EmbeddingModel, Created = DateTimeOffset.UnixEpoch, ContextWindow = EmbeddingContextWindow },
    ]);
}
