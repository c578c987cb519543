using AiPlatform.Domain.Chat;

namespace AiPlatform.Application.Chat.Runs;

/// <summary>
/// The beginning and the end of a run: one transaction each, and all that it takes. The two things that every stored response costs, so they are as short as
/// they can be.
/// </summary>
public interface IRunStore
{
    /// <summary>
    /// Stores a response with its input, its first events and the run that follows. Throws <see cref="ConversationBusy"/> and <see cref="KeyTaken"/>.
    /// </summary>
    Task BeginAsync(BegunRun run, CancellationToken cancellationToken);

    /// <summary>Stores the end: state, output and the whole log. False where the run is not in these hands any more, or has moved on.</summary>
    Task<bool> EndAsync(FinishedRun run, CancellationToken cancellationToken);
}

/// <summary>
/// <c>Events</c> are those up to the run's last, joined; <c>Input</c> are all input items in order, <c>NewItems</c> those of them that are not stored yet. The conversation
/// has been touched already.
/// </summary>
public sealed record BegunRun(
    Response Response, Run Run, byte[] Events, IReadOnlyList<ItemId> Input, IReadOnlyList<Item> NewItems, Conversation? Conversation, IdempotencyKey? Key);

/// <summary><c>Run</c> is the fence; output items come after <c>InputCount</c> others.</summary>
public sealed record FinishedRun(Response Response, Run Run, ResponseLog Log, IReadOnlyList<Item> Output, int InputCount, DateTimeOffset Now);
