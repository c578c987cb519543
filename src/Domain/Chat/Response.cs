using AiPlatform.Domain.Common;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Usage;

namespace AiPlatform.Domain.Chat;

public enum ResponseStatus
{
    InProgress,
    Completed,
    Incomplete,
    Cancelled,
    Failed,
}

/// <summary>
/// A durable run of a model. Its state is a fold over its events: <see cref="Apply"/> is the only code that changes it.
/// <see cref="Epoch"/> is its fence: whoever takes a run away from its owner raises it, and the owner's next save finds another number.
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
    public int Epoch { get; private set; }

    /// <summary>Until when its owner counts as alive, by the database's clock.</summary>
    public DateTimeOffset LeaseUntil { get; private set; }

    /// <summary>Not kept (<c>store: false</c>): it lives and dies with the request.</summary>
    public bool IsStored { get; private init; } = true;

    /// <summary>What the model produced in this process; empty on a response that was loaded, whose output is its items.</summary>
    public IReadOnlyList<OutputItem> Output => _output;

    public bool IsFinal => Status != ResponseStatus.InProgress;

    public static Response Start(ResponseStart start, DateTimeOffset now) => new()
    {
        Id = Ids.New<ResponseId>(now),
        WorkspaceId = start.WorkspaceId,
        UserId = start.UserId,
        ApiKeyId = start.ApiKeyId,
        ConversationId = start.ConversationId,
        PreviousResponseId = start.PreviousResponseId,
        Status = ResponseStatus.InProgress,
        Model = start.Model,
        IsStored = start.Store,
        CreatedAt = now,
        ExpiresAt = now + start.Retention,
        Epoch = 1,
    };

    /// <summary>Gives it the echo of its request, which can only be written once its id is known.</summary>
    public void Describe(string settings) => Settings = settings;

    /// <summary>Takes the run from its owner, to end it here.</summary>
    public void TakeOver() => Epoch++;

    /// <summary>Takes over how the run ended, on the row that is stored.</summary>
    public void Adopt(Response ended) => (Status, ErrorCode, ErrorMessage, IncompleteReason, Usage, CompletedAt) =
        (ended.Status, ended.ErrorCode, ended.ErrorMessage, ended.IncompleteReason, ended.Usage, ended.CompletedAt);

    public void Apply(ResponseEvent @event, DateTimeOffset now)
    {
        if (IsFinal) throw new InvalidOperationException($"Response {Id.ToWire()} is {Status}; nothing can follow.");
        switch (@event)
        {
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
            case ResponseEvent.ItemDone(var output, var status):
                _output[output].Status = status;
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
    TimeSpan Retention);
