using AiPlatform.Domain.Common;
using AiPlatform.Domain.Identity;

namespace AiPlatform.Domain.Chat;

/// <summary>
/// The generation of a stored response, as long as it lasts: who may write its events, and up to where they are written. It goes in the transaction that
/// makes the response final, so of all who try to end it one succeeds.
/// </summary>
public sealed class Run : IBelongToWorkspace
{
    private Run()
    {
    }

    public ResponseId ResponseId { get; private set; }
    public WorkspaceId WorkspaceId { get; private set; }

    /// <summary>The fence: whoever takes a run raises it, and its former owner's next write finds another number.</summary>
    public int Epoch { get; private set; }

    /// <summary>The sequence number of the last event that is written.</summary>
    public long LastSequence { get; private set; }

    /// <summary>
    /// Until when somebody counts as reading, by the database's clock: past it the run is cancelled. Null where hanging up does not matter.
    /// </summary>
    public DateTimeOffset? WatchedUntil { get; private set; }

    /// <summary>Interruptions in a row that brought nothing new.</summary>
    public int Stalls { get; private set; }

    /// <summary>A run that its creator owns, or that anyone may claim, when the response is queued.</summary>
    public static Run Start(Response response, long lastSequence, DateTimeOffset? watchedUntil) => new()
    {
        ResponseId = response.Id,
        WorkspaceId = response.WorkspaceId,
        Epoch = response.Status is ResponseStatus.Queued ? 0 : 1,
        LastSequence = lastSequence,
        WatchedUntil = watchedUntil,
    };

    /// <summary>Names a run as it must be found for a change to it to happen.</summary>
    public static Run Fenced(ResponseId response, WorkspaceId workspace, int epoch, long lastSequence) =>
        new() { ResponseId = response, WorkspaceId = workspace, Epoch = epoch, LastSequence = lastSequence };
}

/// <summary>All events of a response that is final, compressed.</summary>
public sealed class ResponseLog : IBelongToWorkspace
{
    private ResponseLog()
    {
    }

    public ResponseLog(Response response, long last, byte[] payload) => (ResponseId, WorkspaceId, LastSequence, Payload) = (response.Id, response.WorkspaceId, last, payload);

    public ResponseId ResponseId { get; private set; }
    public WorkspaceId WorkspaceId { get; private set; }
    public long LastSequence { get; private set; }
    public byte[] Payload { get; private set; } = [];
}

/// <summary>A client's own name for a request, under which a repeat finds what the first made.</summary>
public sealed class IdempotencyKey : IBelongToWorkspace
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    private IdempotencyKey()
    {
    }

    public IdempotencyKey(WorkspaceId workspace, string endpoint, string key, byte[] bodyHash, ResponseId response, DateTimeOffset now) =>
        (WorkspaceId, Endpoint, Key, BodyHash, ResponseId, ExpiresAt) = (workspace, endpoint, key, bodyHash, response, now + Lifetime);

    public WorkspaceId WorkspaceId { get; private set; }
    public string Endpoint { get; private set; } = "";
    public string Key { get; private set; } = "";

    /// <summary>SHA-256 of the request's body.</summary>
    public byte[] BodyHash { get; private set; } = [];

    public ResponseId ResponseId { get; private set; }
    public DateTimeOffset ExpiresAt { get; private set; }
}
