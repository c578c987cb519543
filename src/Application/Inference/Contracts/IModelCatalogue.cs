namespace AiPlatform.Application.Inference.Contracts;

/// <summary>The models a request may name: those configured, those discovered, and the offline ones.</summary>
public interface IModelCatalogue
{
    Task<IReadOnlyList<ModelDescriptor>> ListAsync(CancellationToken cancellationToken);

    /// <summary>The model of this id, or null. Also takes <c>provider/id</c>, to tell equal ids of two providers apart.</summary>
    Task<ModelDescriptor?> FindAsync(string id, CancellationToken cancellationToken);
}

/// <summary>One model as clients see it, and where it really is.</summary>
public sealed record ModelDescriptor
{
    /// <summary>The name clients use.</summary>
    public required string Id { get; init; }

    /// <summary>The configured provider's name; shown as <c>owned_by</c>.</summary>
    public required string Provider { get; init; }

    /// <summary>The name the vendor knows it by.</summary>
    public required string UpstreamName { get; init; }

    public DateTimeOffset Created { get; init; }

    /// <summary>Tokens of prompt and answer together; null where nobody told us.</summary>
    public int? ContextWindow { get; init; }

    /// <summary>The most tokens the model can write; null where nobody told us.</summary>
    public int? MaxOutputTokens { get; init; }

    /// <summary>Whether the model goes on with a last message of its own (a prefill); others are asked to go on.</summary>
    public bool TakesPrefill { get; init; }

    /// <summary>Whether the model can call tools; null where nobody told us, and its vendor will say.</summary>
    public bool? CallsTools { get; init; }
}
