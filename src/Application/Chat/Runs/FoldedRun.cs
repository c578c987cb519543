using AiPlatform.Application.Chat.Wire;
using AiPlatform.Application.Common;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Domain.Chat;
using AiPlatform.Domain.Identity;

namespace AiPlatform.Application.Chat.Runs;

/// <summary>A run as its log tells it, in the hands of whoever claimed it.</summary>
internal sealed record FoldedRun(Response Response, ClaimedRun Claim, IReadOnlyList<WireEvent> Events, int InputCount)
{
    /// <summary>On whose behalf it runs: its creator's, without any right that the run does not need.</summary>
    public static Caller CallerOf(Response response) => new(response.WorkspaceId, response.UserId, Role.Member, IsOperator: false, response.ApiKeyId, []);
}

internal static class RunLogReading
{
    /// <summary>Applies an event, and returns it as clients and the log get it.</summary>
    public static WireEvent Append(this Response response, ResponseEvent @event, long sequence, DateTimeOffset now)
    {
        response.Apply(@event, now);
        return ResponseEventJson.ToWire(response, @event, sequence);
    }

    /// <summary>All events of a run so far; null when it has ended.</summary>
    public static async Task<List<WireEvent>?> ReadRunAsync(this IRunLog log, WorkspaceId workspace, ResponseId id, CancellationToken cancellationToken)
    {
        var events = new List<WireEvent>();
        while (await log.ReadAsync(workspace, id, events.Count - 1, cancellationToken) is { IsFinal: false } page)
        {
            if (page.Segments.Count == 0) return events;
            events.AddRange(page.EventsAfter(events.Count - 1));
        }

        return null;
    }

    /// <summary>A segment may begin before the cursor.</summary>
    public static IEnumerable<WireEvent> EventsAfter(this LogPage page, long after) => page.Segments.SelectMany(EventLines.Split).Where(@event => @event.Sequence > after);

    /// <summary>Brings a response, as its row has it, to where its events have come.</summary>
    public static void Fold(this Response response, IEnumerable<WireEvent> events, DateTimeOffset now)
    {
        foreach (var @event in events) response.Apply(ResponseEventReader.Read(@event), now);
    }
}
