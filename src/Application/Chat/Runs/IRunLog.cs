using AiPlatform.Application.Chat.Wire;
using AiPlatform.Application.Common;
using AiPlatform.Domain.Chat;
using AiPlatform.Domain.Identity;

namespace AiPlatform.Application.Chat.Runs;

/// <summary>
/// The runs of all processes and the events they have written. Every write is fenced: it happens only if the run is still in the hands, and at the place, that
/// the writer believes.
/// </summary>
public interface IRunLog
{
    /// <summary>
    /// Writes the events of many runs in one transaction, and renews their leases. Returns those that could be written; of the others somebody else is
    /// the owner, or they have ended. Throws <see cref="EventsRefused"/> where some of them can never be written; then none is.
    /// </summary>
    Task<IReadOnlySet<ResponseId>> AppendAsync(IReadOnlyList<RunAppend> group, CancellationToken cancellationToken);

    /// <summary>Of these runs, those that are still in these hands, with the number of the last event written.</summary>
    Task<IReadOnlyDictionary<ResponseId, long>> PositionsAsync(IReadOnlyList<RunAppend> group, CancellationToken cancellationToken);

    /// <summary>What has been written after an event (-1: from the beginning), or null where there is no such response. Long logs come in several pages.</summary>
    Task<LogPage?> ReadAsync(WorkspaceId workspace, ResponseId response, long after, CancellationToken cancellationToken);

    /// <summary>Takes up to so many runs whose owners have gone, or that wait for one; not those that this process has itself.</summary>
    Task<IReadOnlyList<ClaimedRun>> ClaimAsync(int most, IReadOnlyCollection<ResponseId> own, CancellationToken cancellationToken);

    /// <summary>Takes a run from whoever has it. Null where it has ended.</summary>
    Task<ClaimedRun?> SeizeAsync(WorkspaceId workspace, ResponseId response, CancellationToken cancellationToken);

    /// <summary>Gives a run back, for any process to claim at once.</summary>
    Task ReleaseAsync(ResponseId response, int epoch, CancellationToken cancellationToken);
}

/// <summary>The database will not take events for what is in them, now or later.</summary>
public sealed class EventsRefused(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Events on their way into the log, and the fence they must pass.</summary>
public sealed record RunAppend(ResponseId Response, int Epoch, long First, long Last, byte[] Payload)
{
    internal static RunAppend Of(ResponseRun run, IReadOnlyList<WireEvent> events) =>
        new(run.Response.Id, run.Epoch, events[0].Sequence!.Value, events[^1].Sequence!.Value, EventLines.Join(events));
}

/// <summary><c>LastSequence</c> is the response's last event so far, not the page's.</summary>
public sealed record LogPage(bool IsFinal, long LastSequence, IReadOnlyList<LogSegment> Segments);

/// <summary>A run in new hands. <c>Stalls</c>: how often in a row it was interrupted without anything new.</summary>
public sealed record ClaimedRun(ResponseId Response, WorkspaceId Workspace, int Epoch, long LastSequence, int Stalls);
