using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using AiPlatform.Application.Chat.Runs;
using AiPlatform.Application.Chat.Wire;
using AiPlatform.Application.Common;
using AiPlatform.Domain.Chat;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Chat.Responses;

/// <summary>A response whose run has begun (or, for a repeated request, began before), and the ways to get at it.</summary>
public sealed class StartedResponse
{
    private readonly IChatDb _db;
    private readonly ResponseFollower _follower;
    private readonly Response _response;
    private readonly ResponseRun? _run;

    internal StartedResponse(IChatDb db, ResponseFollower follower, Response response, ResponseRun? run, ReadOnlyMemory<byte> created) =>
        (_db, _follower, _response, _run, Created) = (db, follower, response, run, created);

    public ResponseId Id => _response.Id;

    /// <summary>The response object as it was when the request was taken.</summary>
    public ReadOnlyMemory<byte> Created { get; }

    /// <summary>Where to keep what a response that is not stored leaves behind.</summary>
    internal UnstoredResponses? Unstored { get; init; }

    /// <summary>What it builds on, each item as JSON.</summary>
    internal IReadOnlyList<string> Context { get; init; } = [];

    /// <summary>All its events, to the last.</summary>
    public IAsyncEnumerable<WireEvent> FollowAsync(CancellationToken cancellationToken) => _run is { Response.IsStored: false } run
        ? FollowUnstoredAsync(run, cancellationToken)
        : _follower.FollowAsync(_response.WorkspaceId, Id, after: -1, cancellationToken);

    /// <summary>
    /// Waits for the final response object. A run that failed here throws why: a plain create gets the status that fits, not a 200.
    /// </summary>
    public async Task<ReadOnlyMemory<byte>> WaitAsync(CancellationToken cancellationToken)
    {
        if (_run is { Response.IsStored: false }) await _run.Completion.WaitAsync(cancellationToken);
        else if (!await _follower.WaitAsync(_response.WorkspaceId, Id, _run, cancellationToken)) throw ResponseRuns.ShuttingDown();
        // Where the run went on elsewhere, its failure here is not the end of it.
        if (_run is { Response.IsStored: false } or { Final.IsEmpty: false })
        {
            if (_run.Failure is { } failure) ExceptionDispatchInfo.Throw(failure);
            return _run.Final;
        }

        var stored = await _db.Responses.AsNoTracking().SingleAsync(row => row.Id == Id, cancellationToken);
        return ResponseJson.ToJson(stored, await _db.OutputOfAsync(Id, cancellationToken));
    }

    private async IAsyncEnumerable<WireEvent> FollowUnstoredAsync(ResponseRun run, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var @event in run.Tail.ReadAsync(after: -1, cancellationToken))
        {
            // Before it is shown: whoever sees the end may build on it at once.
            if (@event.EndsResponse) Unstored?.Keep(Id, [.. Context, .. run.Input.Select(item => item.Json), .. OutputToKeep()]);
            yield return @event;
        }
    }

    // Like a stored one, a failed response leaves its input only.
    private IEnumerable<string> OutputToKeep() => _response.Status is ResponseStatus.Failed ? [] : _response.Output.Select(ItemJson.ToJson);
}
