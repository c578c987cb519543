using AiPlatform.Domain.Chat;

namespace AiPlatform.Application.Chat.Runs;

/// <summary>
/// What a run changes of its response: at the beginning, when it breaks off, and at the end. One transaction each, and all that it takes: two of them are paid
/// by every stored response.
/// </summary>
public interface IRunStore
{
    /// <summary>
    /// Stores a response with its input, its first events and the run that follows. Throws <see cref="ConversationBusy"/> and <see cref="KeyTaken"/>.
    /// </summary>
    Task BeginAsync(BegunRun run, CancellationToken cancellationToken);

    /// <summary>Notes that a run goes on: how often it broke off, and what that took. False where it is not in these hands any more.</summary>
    Task<bool> ContinueAsync(Response response, int epoch, int stalls, CancellationToken cancellationToken);

    /// <summary>Stores the end: state, output and the whole log. False where the run is not in these hands any more, or has moved on.</summary>
    Task<bool> EndAsync(FinishedRun run, CancellationToken cancellationToken);
}

/// <summary>
/// <c>Events</c> are those up to <c>LastSequence</c>, joined; <c>Input</c> are all input items in order, <c>NewItems</c> those of them that are not stored
/// yet. The conversation has been touched already. <c>IsWatched</c>: it is to be cancelled when nobody reads it.
/// </summary>
public sealed record BegunRun(
    Response Response, byte[] Events, long LastSequence, bool IsWatched, IReadOnlyList<ItemId> Input, IReadOnlyList<Item> NewItems, Conversation? Conversation, IdempotencyKey? Key);

/// <summary><c>Epoch</c> and <c>Written</c> (the last event in the log) are the fence; output items come after <c>InputCount</c> others.</summary>
public sealed record FinishedRun(Response Response, int Epoch, long Written, ResponseLog Log, IReadOnlyList<Item> Output, int InputCount, DateTimeOffset Now);
