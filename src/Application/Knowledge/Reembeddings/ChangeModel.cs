using AiPlatform.Application.Inference.Contracts;
using AiPlatform.Application.Knowledge.VectorStores;
using AiPlatform.Domain.Common;
using AiPlatform.Domain.Knowledge;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Knowledge.Reembeddings;

/// <summary>Begins the change of a store to another embedding model. Searches use the vectors it has until all new ones are there.</summary>
internal sealed class ChangeModel(IKnowledgeDb db, IModelCatalogue catalogue, IEmbeddings embeddings, TimeProvider clock)
{
    /// <summary>Saves nothing yet. A change that is under way or has failed is taken up again where it is the same; what the store has already is no change.</summary>
    public async Task BeginAsync(VectorStore store, string model, int? dimensions, CancellationToken cancellationToken)
    {
        await EmbeddingModels.RequireAsync(catalogue, embeddings, model, cancellationToken);
        var latest = await db.LatestReembeddingAsync(store.Id, cancellationToken);
        if (latest is { Status: ReembeddingStatus.InProgress })
        {
            if (latest.EmbeddingModel == model && (dimensions is null || latest.Dimensions == dimensions)) return;
            throw ReembeddingErrors.UnderWay(latest);
        }

        if (IsSame(store.EmbeddingModel, store.Dimensions)) return;
        if (latest is { Status: ReembeddingStatus.Failed } && IsSame(latest.EmbeddingModel, latest.Dimensions)) latest.Retry(clock.GetUtcNow());
        else if (store.PreviousGeneration is not null && IsSame(store.PreviousEmbeddingModel!, store.PreviousDimensions)) await GoBackAsync(store, cancellationToken);
        else await StartAsync(store.ChangeModel(model, dimensions, clock.GetUtcNow()), store, cancellationToken);

        bool IsSame(string other, int? its) => other == model && (dimensions is null || its == dimensions);
    }

    /// <summary>Begins the way back to the model the store had before. Saves nothing yet.</summary>
    public async Task GoBackAsync(VectorStore store, CancellationToken cancellationToken)
    {
        var latest = await db.LatestReembeddingAsync(store.Id, cancellationToken);
        if (latest is { Status: ReembeddingStatus.InProgress })
        {
            if (latest.Generation == store.PreviousGeneration) return;
            throw ReembeddingErrors.UnderWay(latest);
        }

        if (store.PreviousGeneration is not { } generation) throw ReembeddingErrors.NothingToGoBackTo(store);
        await EmbeddingModels.RequireAsync(catalogue, embeddings, store.PreviousEmbeddingModel!, cancellationToken);
        if (latest is { Status: ReembeddingStatus.Failed } && latest.Generation == generation) latest.Retry(clock.GetUtcNow());
        else await StartAsync(store.GoBack(clock.GetUtcNow()), store, cancellationToken);
    }

    private async Task StartAsync(Reembedding reembedding, VectorStore store, CancellationToken cancellationToken)
    {
        // What failed is given up for it.
        foreach (var failed in await db.Reembeddings.Where(other => other.VectorStoreId == store.Id && other.Status == ReembeddingStatus.Failed).ToListAsync(cancellationToken)) failed.Cancel(clock.GetUtcNow());
        db.Reembeddings.Add(reembedding);
    }
}

/// <summary>The models that can make vectors.</summary>
internal static class EmbeddingModels
{
    public static async Task RequireAsync(IModelCatalogue catalogue, IEmbeddings embeddings, string id, CancellationToken cancellationToken)
    {
        var model = await catalogue.FindAsync(id, cancellationToken) ?? throw new InvalidRequest("model_not_found", $"The model '{id}' does not exist here.", "embedding_model");
        if (embeddings.For(model) is null)
            throw new InvalidRequest("unsupported_model", $"The provider '{model.Provider}' of the model '{id}' offers no embeddings. Choose another model.", "embedding_model");
    }
}

public static class ReembeddingErrors
{
    internal static RuleBroken UnderWay(Reembedding reembedding) => new(
        "reembedding_in_progress", $"This vector store is just changing to the model '{reembedding.EmbeddingModel}'. Wait until it has, or cancel the change.", "embedding_model");

    public static RuleBroken BegunByAnother() => new("reembedding_in_progress", "Somebody else has just begun to change this vector store to another model.", "embedding_model");

    internal static RuleBroken NothingToGoBackTo(VectorStore store) => new(
        "no_previous_model", $"The vector store '{store.Id.ToWire()}' has no previous model to go back to: it never had one, or its vectors are not kept any more.");

    internal static RuleBroken NothingToCancel(VectorStore store) => new(
        "no_reembedding", $"The vector store '{store.Id.ToWire()}' is not changing to another model, so there is nothing to cancel.");
}

internal static class ReembeddingQueries
{
    public static Task<Reembedding?> LatestReembeddingAsync(this IKnowledgeDb db, VectorStoreId store, CancellationToken cancellationToken) =>
        db.Reembeddings.Where(reembedding => reembedding.VectorStoreId == store).OrderByDescending(reembedding => reembedding.Id).FirstOrDefaultAsync(cancellationToken);
}
