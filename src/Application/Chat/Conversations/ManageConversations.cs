using System.Text.Json;
using System.Text.Json.Serialization;
using AiPlatform.Application.Chat.Runs;
using AiPlatform.Application.Chat.Wire;
using AiPlatform.Application.Common;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Domain.Chat;
using AiPlatform.Domain.Common;
using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Chat.Conversations;

/// <summary>A conversation as the API shows it.</summary>
public sealed record ConversationView(string Id, long CreatedAt, Dictionary<string, string> Metadata)
{
    [JsonPropertyOrder(-1)]
    public string Object { get; } = "conversation";

    internal static ConversationView Of(Conversation conversation) => new(conversation.Id.ToWire(), conversation.CreatedAt.ToUnixTimeSeconds(), conversation.Metadata);
}

/// <summary>Starts a conversation, with up to 20 items.</summary>
public sealed record CreateConversation(Dictionary<string, string>? Metadata, JsonElement? Items) : IRequest<ConversationView>;

internal sealed class CreateConversationValidator : AbstractValidator<CreateConversation>
{
    public CreateConversationValidator()
    {
        RuleFor(request => request.Metadata).IsMetadata();
        RuleFor(request => request.Items).IsItemArray();
    }
}

internal sealed class CreateConversationHandler(IChatDb db, ICaller caller, TimeProvider clock) : IRequestHandler<CreateConversation, ConversationView>
{
    public async Task<ConversationView> Handle(CreateConversation request, CancellationToken cancellationToken)
    {
        var (me, now) = (caller.Current, clock.GetUtcNow());
        var items = await db.ResolveAsync(new InputReader("items", now).Read(request.Items), cancellationToken);
        var conversation = Conversation.Create(me.WorkspaceId, me.UserId, request.Metadata, now);
        db.Conversations.Add(conversation);
        db.AddInput(me.WorkspaceId, items, conversation, now);
        await db.SaveChangesAsync(cancellationToken);
        return ConversationView.Of(conversation);
    }
}

public sealed record GetConversation(string Id) : IRequest<ConversationView>;

internal sealed class GetConversationHandler(IChatDb db) : IRequestHandler<GetConversation, ConversationView>
{
    public async Task<ConversationView> Handle(GetConversation request, CancellationToken cancellationToken) =>
        ConversationView.Of(await db.RequireConversationAsync(request.Id, cancellationToken));
}

/// <summary>Replaces a conversation's metadata.</summary>
public sealed record UpdateConversation(string Id, Dictionary<string, string>? Metadata) : IRequest<ConversationView>;

internal sealed class UpdateConversationValidator : AbstractValidator<UpdateConversation>
{
    public UpdateConversationValidator() => RuleFor(request => request.Metadata).NotNull().WithMessage("send an object.").IsMetadata();
}

internal sealed class UpdateConversationHandler(IChatDb db) : IRequestHandler<UpdateConversation, ConversationView>
{
    public async Task<ConversationView> Handle(UpdateConversation request, CancellationToken cancellationToken)
    {
        var conversation = await db.RequireConversationAsync(request.Id, cancellationToken);
        conversation.ReplaceMetadata(request.Metadata!);
        await db.SaveChangesAsync(cancellationToken);
        return ConversationView.Of(conversation);
    }
}

/// <summary>Deletes a conversation. Responses made in it stay until they expire, and keep their own items; a response in progress is stopped.</summary>
public sealed record DeleteConversation(string Id) : IRequest<Deleted>;

internal sealed class DeleteConversationHandler(IChatDb db, RunCanceller canceller) : IRequestHandler<DeleteConversation, Deleted>
{
    public async Task<Deleted> Handle(DeleteConversation request, CancellationToken cancellationToken)
    {
        var conversation = await db.RequireConversationAsync(request.Id, cancellationToken);
        var active = await db.Responses.Where(response => response.ConversationId == conversation.Id)
            .Where(response => response.Status == ResponseStatus.InProgress || response.Status == ResponseStatus.Queued)
            .Select(response => (ResponseId?)response.Id).SingleOrDefaultAsync(cancellationToken);
        if (active is { } running) await canceller.CancelAsync(running, cancellationToken);
        var items = await db.ConversationItems.Where(place => place.ConversationId == conversation.Id).Select(place => place.ItemId).ToListAsync(cancellationToken);
        await db.Conversations.Where(other => other.Id == conversation.Id).ExecuteDeleteAsync(cancellationToken);
        await db.DeleteOrphansAsync(items, cancellationToken);
        return new Deleted(conversation.Id.ToWire(), "conversation.deleted");
    }
}
