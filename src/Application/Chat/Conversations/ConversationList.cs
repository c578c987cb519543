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

/// <summary>A conversation as a list shows it.</summary>
public sealed record ConversationEntry(string Id, string Title, long CreatedAt, long UpdatedAt)
{
    internal static ConversationEntry Of(Conversation conversation) =>
        new(conversation.Id.ToWire(), conversation.Title ?? "", conversation.CreatedAt.ToUnixTimeSeconds(), conversation.UpdatedAt.ToUnixTimeSeconds());
}

/// <summary>The caller's own conversations that say something, the latest first; <c>Query</c> searches their titles.</summary>
public sealed record ListConversations(int? Limit, string? After, string? Query) : IRequest<Page<ConversationEntry>>;

internal sealed class ListConversationsValidator : AbstractValidator<ListConversations>
{
    public ListConversationsValidator()
    {
        RuleFor(request => request.Limit).InclusiveBetween(1, PageRequest.MaxLimit).WithMessage($"it must be from 1 to {PageRequest.MaxLimit}.");
        RuleFor(request => request.Query).IsLine(Conversation.TitleMaxLength);
    }
}

internal sealed class ListConversationsHandler(IChatDb db, ICaller caller) : IRequestHandler<ListConversations, Page<ConversationEntry>>
{
    public async Task<Page<ConversationEntry>> Handle(ListConversations request, CancellationToken cancellationToken)
    {
        var me = caller.Current.UserId;
        var limit = request.Limit ?? PageRequest.DefaultLimit;
        var mine = db.Conversations.AsNoTracking().Where(conversation => conversation.UserId == me && conversation.Title != null);
        if (!string.IsNullOrWhiteSpace(request.Query))
        {
            var words = $"%{request.Query.Trim().ToLowerInvariant().Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal)}%";
            mine = mine.Where(conversation => EF.Functions.Like(conversation.Title!.ToLower(), words, "\\"));
        }

        if (request.After is { } after)
        {
            var last = await db.RequireConversationAsync(after, cancellationToken, "after");
            mine = mine.Where(conversation => conversation.UpdatedAt < last.UpdatedAt || (conversation.UpdatedAt == last.UpdatedAt && conversation.CreatedAt < last.CreatedAt));
        }

        var rows = await mine.OrderByDescending(conversation => conversation.UpdatedAt).ThenByDescending(conversation => conversation.CreatedAt).Take(limit + 1).ToListAsync(cancellationToken);
        return Page.Cut([.. rows.Select(ConversationEntry.Of)], limit, entry => entry.Id);
    }
}

/// <summary>A conversation by itself: its entry in the list, and how its latest response went, so that a page can go on where it was left.</summary>
public sealed record GetConversationEntry(string Id) : IRequest<OpenedConversation>;

public sealed record OpenedConversation(string Id, string Title, long CreatedAt, long UpdatedAt, LatestResponse? LatestResponse);

/// <summary>The outcome of a response, and the tools it had, in the words of the response object.</summary>
public sealed record LatestResponse(string Id, string Status, LatestResponseError? Error, LatestResponseIncompleteDetails? IncompleteDetails, IReadOnlyList<JsonElement> Tools)
{
    internal static LatestResponse Of(Response response) => new(
        response.Id.ToWire(),
        ResponseJson.NameOf(response.Status),
        response.ErrorCode is { } code ? new LatestResponseError(code, response.ErrorMessage ?? "") : null,
        response.IncompleteReason is { } reason ? new LatestResponseIncompleteDetails(reason) : null,
        ToolsOf(response));

    private static JsonElement[] ToolsOf(Response response)
    {
        using var settings = JsonDocument.Parse(response.Settings);
        return settings.RootElement.TryGetProperty("tools", out var tools) ? [.. tools.EnumerateArray().Select(tool => tool.Clone())] : [];
    }
}

public sealed record LatestResponseError(string Code, string Message);

public sealed record LatestResponseIncompleteDetails(string Reason);

internal sealed class GetConversationEntryHandler(IChatDb db, TimeProvider clock) : IRequestHandler<GetConversationEntry, OpenedConversation>
{
    public async Task<OpenedConversation> Handle(GetConversationEntry request, CancellationToken cancellationToken)
    {
        var conversation = await db.RequireConversationAsync(request.Id, cancellationToken);
        var now = clock.GetUtcNow();
        var latest = await db.Responses.AsNoTracking()
            .Where(response => response.ConversationId == conversation.Id && response.ExpiresAt > now)
            .OrderByDescending(response => response.CreatedAt)
            .FirstOrDefaultAsync(cancellationToken);
        var entry = ConversationEntry.Of(conversation);
        return new OpenedConversation(entry.Id, entry.Title, entry.CreatedAt, entry.UpdatedAt, latest is null ? null : LatestResponse.Of(latest));
    }
}

public sealed record RenameConversation(string Id, string Title) : IRequest<ConversationEntry>;

internal sealed class RenameConversationValidator : AbstractValidator<RenameConversation>
{
    public RenameConversationValidator() => RuleFor(request => request.Title).NotEmpty().IsLine(Conversation.TitleMaxLength);
}

internal sealed class RenameConversationHandler(IChatDb db) : IRequestHandler<RenameConversation, ConversationEntry>
{
    public async Task<ConversationEntry> Handle(RenameConversation request, CancellationToken cancellationToken)
    {
        var conversation = await db.RequireConversationAsync(request.Id, cancellationToken);
        conversation.Rename(request.Title.Trim());
        await db.SaveChangesAsync(cancellationToken);
        return ConversationEntry.Of(conversation);
    }
}
