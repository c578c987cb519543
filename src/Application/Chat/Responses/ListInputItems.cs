using AiPlatform.Application.Common;
using FluentValidation;
using MediatR;

namespace AiPlatform.Application.Chat.Responses;

/// <summary>What a response was given.</summary>
public sealed record ListInputItems(string Id, PageRequest Page) : IRequest<ItemPage>;

internal sealed class ListInputItemsValidator : AbstractValidator<ListInputItems>
{
    public ListInputItemsValidator() => RuleFor(request => request.Page).SetValidator(new PageRules()).OverridePropertyName("body");
}

internal sealed class ListInputItemsHandler(IChatDb db, TimeProvider clock) : IRequestHandler<ListInputItems, ItemPage>
{
    public async Task<ItemPage> Handle(ListInputItems request, CancellationToken cancellationToken)
    {
        var response = await db.RequireResponseAsync(request.Id, clock.GetUtcNow(), cancellationToken);
        var places = db.ResponseItems.Where(place => place.ResponseId == response.Id && !place.IsOutput).Select(place => new { Position = (long)place.Ordinal, place.ItemId });
        var rows = from place in places join item in db.Items on place.ItemId equals item.Id select new PlacedItem { Position = place.Position, Id = item.Id, Type = item.Type, Json = item.Json };
        return await ItemPage.LoadAsync(rows, request.Page, cancellationToken);
    }
}
