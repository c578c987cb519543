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

    /// <summary>Throws <see cref="ConversationBusy"/> and <see cref="RunLost"/> for what the database decides between racing requests.</summary>
    Task<int> SaveChangesAsync(CancellationToken cancellationToken);
}

/// <summary>The conversation has a response in progress already: the unique index said so.</summary>
public sealed class ConversationBusy(Exception inner) : Exception("The conversation has a response in progress.", inner);

/// <summary>The run was taken from its owner: the row has another epoch.</summary>
public sealed class RunLost(Exception inner) : Exception("The run has another owner.", inner);
