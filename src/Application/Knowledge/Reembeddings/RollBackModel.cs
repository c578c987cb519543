using AiPlatform.Application.Knowledge.VectorStores;
using MediatR;

namespace AiPlatform.Application.Knowledge.Reembeddings;

/// <summary>Goes back to the model a store had before: its vectors are kept for a while, and what came since is embedded first. Idempotent while it is on the way.</summary>
public sealed record RollBackModel(string Id) : IRequest<VectorStoreView>;

internal sealed class RollBackModelHandler(IKnowledgeDb db, ChangeModel change, TimeProvider clock) : IRequestHandler<RollBackModel, VectorStoreView>
{
    public Task<VectorStoreView> Handle(RollBackModel request, CancellationToken cancellationToken) => db.UntilSavedAsync(async () =>
    {
        var store = await db.RequireStoreAsync(request.Id, cancellationToken);
        await change.GoBackAsync(store, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        return await db.ShowAsync(store, clock.GetUtcNow(), cancellationToken);
    });
}
