using AiPlatform.Application.Common;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Domain.Common;
using AiPlatform.Domain.Knowledge;
using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Knowledge.VectorStores;

public sealed record ListVectorStores(CursorRequest Page) : IRequest<Page<VectorStoreView>>;

internal sealed class ListVectorStoresValidator : AbstractValidator<ListVectorStores>
{
    public ListVectorStoresValidator() => RuleFor(request => request.Page).SetValidator(new CursorRules()).OverridePropertyName("body");
}

internal sealed class ListVectorStoresHandler(IKnowledgeDb db, ICaller caller, TimeProvider clock) : IRequestHandler<ListVectorStores, Page<VectorStoreView>>
{
    public async Task<Page<VectorStoreView>> Handle(ListVectorStores request, CancellationToken cancellationToken)
    {
        var (page, workspace) = (request.Page, caller.Current.WorkspaceId);
        // Every query is confined to the workspace; said here once more, so that the index that begins with it is used.
        var stores = db.LiveStores().AsNoTracking().Where(store => store.WorkspaceId == workspace);
        var (above, below) = page.IsAscending ? (page.After, page.Before) : (page.Before, page.After);
        if (above is not null && await CursorAsync(above, above == page.After ? "after" : "before", cancellationToken) is var lower) stores = stores.Where(store => store.Id > lower);
        if (below is not null && await CursorAsync(below, below == page.After ? "after" : "before", cancellationToken) is var upper) stores = stores.Where(store => store.Id < upper);
        stores = page.IsAscending != page.IsBackwards ? stores.OrderBy(store => store.Id) : stores.OrderByDescending(store => store.Id);
        var rows = await stores.Take(page.Size + 1).ToListAsync(cancellationToken);
        var shown = page.Cut(rows, store => store.Id.ToWire());
        return new Page<VectorStoreView>(await db.ShowAsync(shown.Data, clock.GetUtcNow(), cancellationToken), shown.FirstId, shown.LastId, shown.HasMore);
    }

    private async Task<VectorStoreId> CursorAsync(string cursor, string param, CancellationToken cancellationToken)
    {
        var id = Ids.Parse<VectorStoreId>(cursor);
        return await db.VectorStores.AnyAsync(store => store.Id == id, cancellationToken)
            ? id!.Value
            : throw new InvalidRequest("invalid_value", $"Invalid '{param}': no vector store '{cursor}' in this list.", param);
    }
}
