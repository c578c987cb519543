using AiPlatform.Domain.Common;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Usage;

namespace AiPlatform.Domain.Chat;

public enum ResponseStatus
{
    /// <summary>In the background, waiting for an instance with room for it.</summary>
    Queued,
    InProgress,
    Completed,
    Incomplete,
    Cancelled,
    Failed,
}

/// <summary>
/// A model's answer to a request. Its state is a fold over its events: <see cref="Apply"/> is the only code that changes it. As long as it is generated,
/// a row in <c>chat.runs</c> says by whom.
/// </summary>
public sealed class Response : IBelongToWorkspace
{
    private readonly List<OutputItem> _output = [];

    private Response()
    {
    }

    public ResponseId Id { get; private set; }
    public WorkspaceId WorkspaceId { get; private set; }
    public UserId UserId { get; private set; }
    public ApiKeyId? ApiKeyId { get; private set; }
    public ConversationId? ConversationId { get; private set; }
    public ResponseId? PreviousResponseId { get; private set; }
    public ResponseStatus Status { get; private set; }
    public string Model { get; private set; } = "";

    /// <summary>What was asked, as the response object echoes it: a JSON object of the API's own fields.</summary>
    public string Settings { get; private set; } = "{}";

    public string? ErrorCode { get; private set; }
    public string? ErrorMessage { get; private set; }
    public string? IncompleteReason { get; private set; }
    public TokenUsage? Usage { get; private set; }
    public DateTimeOffset CreatedAt { get; private set; }
    public DateTimeOffset? CompletedAt { get; private set; }
    public DateTimeOffset ExpiresAt { get; private set; }

    /// <summary>Nobody waits for it on an open connection: it may be queued, and only an explicit cancel stops it.</summary>
    public bool IsBackground { get; private set; }

    /// <summary>The request's body without its input, from which another process can go on; gone when the response is final.</summary>
    public string? Request { get; private set; }

    /// <summary>How often its generation broke off and was continued.</summary>
    public int Interruptions { get; private set; }

    /// <summary>Not kept (<c>store: false</c>): it lives and dies with the request.</summary>
    public bool IsStored { get; private init; } = true;

    /// <summary>What the model produced in this process; empty on a response that was loaded, whose output is its items.</summary>
    public IReadOnlyList<OutputItem> Output => _output;

    public bool IsFinal => Status is not (ResponseStatus.Queued or ResponseStatus.InProgress);

    public static Response Start(ResponseStart start, DateTimeOffset now) => new()
    {
        Id = Ids.New<ResponseId>(now),
        WorkspaceId = start.WorkspaceId,
        UserId = start.UserId,
        ApiKeyId = start.ApiKeyId,
        ConversationId = start.ConversationId,
        PreviousResponseId = start.PreviousResponseId,
        Status = start.IsQueued ? ResponseStatus.Queued : ResponseStatus.InProgress,
        Model = start.Model,
        IsStored = start.Store,
        IsBackground = start.IsBackground,
        Request = start.Request,
        CreatedAt = now,
        ExpiresAt = now + start.Retention,
    };

    /// <summary>Gives it the echo of its request, which can only be written once its id is known.</summary>
    public void Describe(string settings) => Settings = settings;

    /// <summary>What generating it took so far.</summary>
    public void Spend(TokenUsage spent) => Usage = spent;

    /// <summary>Its generation broke off; <paramref name="spent"/> is what all attempts so far took.</summary>
    public void Interrupt(TokenUsage spent) => (Interruptions, Usage) = (Interruptions + 1, spent);

    public void Apply(ResponseEvent @event, DateTimeOffset now)
    {
        if (IsFinal) throw new InvalidOperationException($"Response {Id.ToWire()} is {Status}; nothing can follow.");
        switch (@event)
        {
            case ResponseEvent.InProgress:
                Status = ResponseStatus.InProgress;
                break;
            case ResponseEvent.ItemAdded(_, var item):
                _output.Add(item);
                break;
            case ResponseEvent.PartAdded(var output, _, var kind) when _output[output] is MessageItem message:
                message.Add(new ContentPart(kind));
                break;
            case ResponseEvent.Delta(var output, var part, var text, var logprobs):
                PartAt(output, part).Append(text, logprobs);
                break;
            case ResponseEvent.TextDone(var output, var part):
                PartAt(output, part).IsDone = true;
                break;
            case ResponseEvent.Cited(var output, var part, var citation):
                PartAt(output, part).Cite(citation);
                break;
            case ResponseEvent.Searching(var output):
                _output[output].Status = ItemStatus.Searching;
                break;
            case ResponseEvent.SearchAnswered(var output) when _output[output] is FileSearchItem search:
                search.IsAnswered = true;
                break;
            case ResponseEvent.ItemDone(var output, var status, var results):
                _output[output].Status = status;
                if (_output[output] is FileSearchItem found) found.Results = results;
                break;
            case ResponseEvent.Completed(var usage):
                (Status, Usage, CompletedAt) = (ResponseStatus.Completed, usage, now);
                break;
            case ResponseEvent.Incomplete(var reason, var usage):
                (Status, IncompleteReason, Usage) = (ResponseStatus.Incomplete, reason, usage);
                break;
            case ResponseEvent.Cancelled:
                Status = ResponseStatus.Cancelled;
                break;
            case ResponseEvent.Failed(var code, var message):
                // A vendor's message may hold a NUL, which PostgreSQL's text does not.
                (Status, ErrorCode, ErrorMessage) = (ResponseStatus.Failed, code.Replace('\0', ' '), message.Replace('\0', ' '));
                break;
        }
    }

    public ContentPart PartAt(int output, int part) => _output[output] switch
    {
        MessageItem message => message.Parts[part],
        ReasoningItem reasoning => reasoning.Content,
        var other => throw new InvalidOperationException($"An item of type {other.Type} has no parts."),
    };
}

/// <summary>What a response is started with.</summary>
public sealed record ResponseStart(
    WorkspaceId WorkspaceId,
    UserId UserId,
    ApiKeyId? ApiKeyId,
    string Model,
    ConversationId? ConversationId,
    ResponseId? PreviousResponseId,
    bool Store,
    TimeSpan Retention)
{
    public bool IsBackground { get; init; }
    public bool IsQueued { get; init; }
    public string? Request { get; init; }
}
