namespace AiPlatform.Application.Inference.Contracts;

/// <summary>The reranking port: finds what calls a model.</summary>
public interface IRerankers
{
    /// <summary>Null where the model's provider offers no reranking.</summary>
    IReranker? For(ModelDescriptor model);
}

/// <summary>A model that reads a question and a text together, and says how well one answers the other. Throws <see cref="UpstreamFailed"/> like the chat port.</summary>
public interface IReranker
{
    /// <summary>A score for each document, in their order; the higher the better, on whatever scale the model has.</summary>
    Task<IReadOnlyList<double>> RankAsync(ModelDescriptor model, string query, IReadOnlyList<string> documents, CancellationToken cancellationToken);
}
