using Microsoft.Extensions.AI;

namespace AiPlatform.Application.Inference.Contracts;

/// <summary>What is to be embedded: a text, or the tokens of one.</summary>
public abstract record EmbeddingInput
{
    private EmbeddingInput()
    {
    }

    public sealed record Text(string Value) : EmbeddingInput;

    public sealed record Tokens(IReadOnlyList<int> Ids) : EmbeddingInput;
}

/// <summary>The embedding port: finds the generator of a model. The generators throw <see cref="UpstreamFailed"/> like the chat port.</summary>
public interface IEmbeddings
{
    /// <summary>Null where the model's provider offers no embeddings. The model goes into the options by its upstream name.</summary>
    IEmbeddingGenerator<EmbeddingInput, Embedding<float>>? For(ModelDescriptor model);
}
