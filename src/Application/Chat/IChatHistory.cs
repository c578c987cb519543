using AiPlatform.Domain.Chat;
using AiPlatform.Domain.Identity;

namespace AiPlatform.Application.Chat;

/// <summary>Reads what a new response builds on, oldest first, each item as JSON.</summary>
public interface IChatHistory
{
    /// <summary>
    /// Input and output of a response and all its predecessors; where the first of them belongs to a conversation, preceded by what the conversation
    /// held then. Null where a predecessor has been deleted.
    /// </summary>
    Task<IReadOnlyList<string>?> OfChainAsync(WorkspaceId workspace, ResponseId last, CancellationToken cancellationToken);

    /// <summary>What a conversation held when this response was created in it.</summary>
    Task<IReadOnlyList<string>> OfConversationBeforeAsync(WorkspaceId workspace, ConversationId conversation, ResponseId response, CancellationToken cancellationToken);

    Task<IReadOnlyList<string>> OfConversationAsync(WorkspaceId workspace, ConversationId conversation, CancellationToken cancellationToken);
}
