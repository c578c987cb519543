using MediatR;

namespace AiPlatform.Application.Knowledge.Ingestion;

/// <summary>Clears away what deleted vector stores still have, and vectors that nobody goes back to, in slices, so that nobody waits for it; returns how many slices there were. Idempotent.</summary>
public sealed record ClearDeletedStores : IRequest<int>;

internal sealed class ClearDeletedStoresHandler(IStoreClearing clearing) : IRequestHandler<ClearDeletedStores, int>
{
    public async Task<int> Handle(ClearDeletedStores request, CancellationToken cancellationToken)
    {
        var slices = 0;
        while (await clearing.ClearStoreAsync(cancellationToken)) slices++;
        while (await clearing.ClearGenerationAsync(cancellationToken)) slices++;
        return slices;
    }
}
