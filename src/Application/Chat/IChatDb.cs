using AiPlatform.Domain.Chat;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Chat;

/// <summary>Chat's tables, confined to the caller's workspace.</summary>
public interface IChatDb
{
    DbSet<Conversation> Conversations { get; }
    DbSet<Item> Items { get; }
    DbSet<ConversationItem> ConversationItems { get; }
    DbSet<Response> Responses { get; }
    DbSet<ResponseItem> ResponseItems { get; }
    DbSet<ResponseLog> ResponseLogs { get; }
    DbSet<IdempotencyKey> IdempotencyKeys { get; }

    Task<int> SaveChangesAsync(CancellationToken cancellationToken);
}

/// <summary>The conversation has a response in progress already: the unique index said so.</summary>
public sealed class ConversationBusy(Exception inner) : Exception("The conversation has a response in progress.", inner);

/// <summary>Another request with the same idempotency key was first.</summary>
public sealed class KeyTaken(Exception inner) : Exception("The idempotency key is taken.", inner);
