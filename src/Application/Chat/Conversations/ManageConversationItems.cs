using System.Text.Json;
using AiPlatform.Application.Chat.Wire;
using AiPlatform.Application.Common;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Domain.Chat;
using AiPlatform.Domain.Common;
using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Chat.Conversations;

/// <summary>Adds up to 20 items to a conversation; the result lists them as they are stored.</summary>
public sealed record AddConversationItems(string Id, JsonElement? Items) : IRequest<ItemPage>;

internal sealed class AddConversationItemsValidator : AbstractValidator<AddConversationItems>
{
    public AddConversationItemsValidator() =>
        RuleFor(request => request.Items).IsItemArray().Must(items => items is { ValueKind: JsonValueKind.Array } array && array.GetArrayLength() > 0).WithMessage("send at least one item.");
}

internal sealed class AddConversationItemsHandler(IChatDb db, ICaller caller, TimeProvider clock) : IRequestHandler<AddConversationItems, ItemPage>
{
    public async Task<ItemPage> Handle(AddConversationItems request, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var conversation = await db.RequireConversationAsync(request.Id, cancellationToken);
        var items = await db.ResolveAsync(new InputReader("items", now).Read(request.Items), cancellationToken);
        db.AddInput(caller.Current.WorkspaceId, items, conversation, now);
        await db.SaveChangesAsync(cancellationToken);
        return ItemPage.Of([.. items.Select(item => new PlacedItem { Id = item.Id, Type = item.Type, Json = item.Json })], hasMore: false);
    }
}

public sealed record ListConversationItems(string Id, PageRequest Page) : IRequest<ItemPage>;

internal sealed class ListConversationItemsValidator : AbstractValidator<ListConversationItems>
{
    public ListConversationItemsValidator() => RuleFor(request => request.Page).SetValidator(new PageRules()).OverridePropertyName("body");
}

internal sealed class ListConversationItemsHandler(IChatDb db) : IRequestHandler<ListConversationItems, ItemPage>
{
    public async Task<ItemPage> Handle(ListConversationItems request, CancellationToken cancellationToken)
    {
        var conversation = await db.RequireConversationAsync(request.Id, cancellationToken);
        return await ItemPage.LoadAsync(db.ItemsOf(conversation.Id), request.Page, cancellationToken);
    }
}

/// <summary>One item of a conversation, as JSON.</summary>
public sealed record GetConversationItem(string Id, string ItemId) : IRequest<ReadOnlyMemory<byte>>;

internal sealed class GetConversationItemHandler(IChatDb db) : IRequestHandler<GetConversationItem, ReadOnlyMemory<byte>>
{
    public async Task<ReadOnlyMemory<byte>> Handle(GetConversationItem request, CancellationToken cancellationToken)
    {
        var conversation = await db.RequireConversationAsync(request.Id, cancellationToken);
        var id = ItemId.Parse(request.ItemId);
        var json = await db.ItemsOf(conversation.Id).Where(item => item.Id == id).Select(item => item.Json).FirstOrDefaultAsync(cancellationToken)
            ?? throw NotFound.Of("Item", request.ItemId);
        return System.Text.Encoding.UTF8.GetBytes(json);
    }
}

/// <summary>Takes an item out of a conversation. Responses that had it keep it.</summary>
public sealed record DeleteConversationItem(string Id, string ItemId) : IRequest<ConversationView>;

internal sealed class DeleteConversationItemHandler(IChatDb db) : IRequestHandler<DeleteConversationItem, ConversationView>
{
    public async Task<ConversationView> Handle(DeleteConversationItem request, CancellationToken cancellationToken)
    {
        var conversation = await db.RequireConversationAsync(request.Id, cancellationToken);
        if (ItemId.Parse(request.ItemId) is not { } id
            || await db.ConversationItems.Where(place => place.ConversationId == conversation.Id && place.ItemId == id).ExecuteDeleteAsync(cancellationToken) == 0)
        {
            throw NotFound.Of("Item", request.ItemId);
        }

        await db.DeleteOrphansAsync([id], cancellationToken);
        return ConversationView.Of(conversation);
    }
}

internal static class ConversationItemQueries
{
    private const int MostItems = 20;

    public static IQueryable<PlacedItem> ItemsOf(this IChatDb db, ConversationId conversation) =>
        from place in db.ConversationItems
        join item in db.Items on place.ItemId equals item.Id
        where place.ConversationId == conversation
        select new PlacedItem { Position = place.Position, Id = item.Id, Type = item.Type, Json = item.Json };

    public static IRuleBuilderOptions<T, JsonElement?> IsItemArray<T>(this IRuleBuilder<T, JsonElement?> rule) => rule
        .Must(items => items is null or { ValueKind: JsonValueKind.Null } || (items is { ValueKind: JsonValueKind.Array } array && array.GetArrayLength() <= MostItems))
        .WithMessage($"it must be an array of up to {MostItems} items.");
}
