using System.Runtime.CompilerServices;
using AiPlatform.Application.Common;
using AiPlatform.Domain.Chat;
using AiPlatform.Domain.Common;
using AiPlatform.Domain.Identity;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Application.Chat.Runs;

/// <summary>
/// Reads the events of a stored response from any point to its end, whoever writes them: from memory while the run is here, else from the log. Keeps no state
/// but its cursor, so a reader may come back anywhere.
/// </summary>
public sealed partial class ResponseFollower(ResponseRuns runs, IRunLog runLog, RunChanges changes, RunReaders readers, TimeProvider clock, ILogger<ResponseFollower> log)
{
    // Signals are hints; this is what can be relied on.
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>
    /// All events after the one of this number (-1: all), up to the one that ends the response. Ends without such a one when this process shuts down; a
    /// reader goes on elsewhere.
    /// </summary>
    internal async IAsyncEnumerable<WireEvent> FollowAsync(WorkspaceId workspace, ResponseId id, long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var reading = readers.Enter(id);
        using var news = changes.Listen(id);
        var cursor = after;
        while (true)
        {
            if (runs.Find(id) is { } run && run.Response.WorkspaceId == workspace)
            {
                await foreach (var @event in run.Tail.ReadAsync(cursor, cancellationToken))
                {
                    yield return @event;
                    cursor = @event.Sequence!.Value;
                    if (@event.EndsResponse) yield break;
                }
            }

            var page = await ReadAsync(workspace, id, cursor, cancellationToken) ?? throw NotFound.Of("Response", id.ToWire());
            foreach (var @event in page.EventsAfter(cursor))
            {
                yield return @event;
                cursor = @event.Sequence!.Value;
                if (@event.EndsResponse) yield break;
            }

            // What is there already can be had to the last: a stream that only replays is no reason to go elsewhere.
            if (page.IsFinal || runs.Draining.IsCancellationRequested) yield break;
            if (page.Segments.Count > 0) continue;
            await news.NextAsync(PollInterval, cancellationToken);
        }
    }

    /// <summary>
    /// Ends when the response is final, be it by <paramref name="own"/>, its run in this process, or elsewhere. False when this process shuts down before.
    /// </summary>
    internal async Task<bool> WaitAsync(WorkspaceId workspace, ResponseId id, ResponseRun? own, CancellationToken cancellationToken)
    {
        using var reading = readers.Enter(id);
        if (own is not null)
        {
            await own.Completion.WaitAsync(cancellationToken);
            if (!own.Final.IsEmpty) return true;
        }

        using var news = changes.Listen(id);
        while (true)
        {
            if (runs.Find(id) is { } run && run.Response.WorkspaceId == workspace) await run.Completion.WaitAsync(cancellationToken);
            var page = await ReadAsync(workspace, id, long.MaxValue, cancellationToken) ?? throw NotFound.Of("Response", id.ToWire());
            if (page.IsFinal) return true;
            if (runs.Draining.IsCancellationRequested && runs.Find(id) is null) return false;
            await news.NextAsync(PollInterval, cancellationToken);
        }
    }

    private async Task<LogPage?> ReadAsync(WorkspaceId workspace, ResponseId id, long after, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        while (true)
        {
            try
            {
                return await runLog.ReadAsync(workspace, id, after, cancellationToken);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested && clock.GetElapsedTime(started) < Patience)
            {
                // The database is away: the reader's connection need not notice, unless this process stops anyway.
                LogRetry(log, e.Message);
                if (runs.Draining.IsCancellationRequested) return new LogPage(IsFinal: false, LastSequence: -1, []);
                await Task.Delay(PollInterval, clock, cancellationToken);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The log of a response cannot be read yet: {Reason}")]
    private static partial void LogRetry(ILogger log, string reason);
}
