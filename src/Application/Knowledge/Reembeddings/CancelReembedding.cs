using AiPlatform.Application.Knowledge.VectorStores;
using AiPlatform.Domain.Knowledge;
using MediatR;

namespace AiPlatform.Application.Knowledge.Reembeddings;

/// <summary>Ends the change to another model, also one that has failed; searches go on with the vectors they use. Idempotent.</summary>
public sealed record CancelReembedding(string Id) : IRequest<VectorStoreView>;

internal sealed class CancelReembeddingHandler(IKnowledgeDb db, TimeProvider clock) : IRequestHandler<CancelReembedding, VectorStoreView>
{
    public Task<VectorStoreView> Handle(CancelReembedding request, CancellationToken cancellationToken) => db.UntilSavedAsync(async () =>
    {
        var store = await db.RequireStoreAsync(request.Id, cancellationToken);
        var reembedding = await db.LatestReembeddingAsync(store.Id, cancellationToken);
        if (reembedding is null or { Status: ReembeddingStatus.Completed }) throw ReembeddingErrors.NothingToCancel(store);
        if (reembedding.Status is not ReembeddingStatus.Cancelled) reembedding.Cancel(clock.GetUtcNow());
        await db.SaveChangesAsync(cancellationToken);
        return await db.ShowAsync(store, clock.GetUtcNow(), cancellationToken);
    });
}
