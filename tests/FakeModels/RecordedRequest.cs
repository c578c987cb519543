using System.Text.Json;
using System.Text.Json.Serialization;

namespace AiPlatform.FakeModels;

/// <summary>A request the fake server saw, and how it ended.</summary>
public sealed class RecordedRequest
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _tokensSent;

    public required long Number { get; init; }
    public required string Method { get; init; }
    public required string Path { get; init; }
    public required IReadOnlyDictionary<string, string> Headers { get; init; }
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>The JSON body; undefined when there is none or it is not JSON.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public JsonElement Body { get; internal set; }

    public DateTimeOffset? FinishedAt { get; private set; }
    public RequestOutcome Outcome { get; private set; }
    public int Status { get; internal set; }

    /// <summary>Tokens written so far: reasoning, text, tool call pieces.</summary>
    public int TokensSent => Volatile.Read(ref _tokensSent);

    /// <summary>Ends when the request has ended, in whatever way.</summary>
    [JsonIgnore]
    public Task Ended => _ended.Task;

    internal void CountToken() => Interlocked.Increment(ref _tokensSent);

    internal void CountTokens(int count) => Interlocked.Add(ref _tokensSent, count);

    internal void End(RequestOutcome outcome, DateTimeOffset now)
    {
        FinishedAt = now;
        Outcome = outcome;
        _ended.TrySetResult();
    }
}

/// <summary>How a request ended.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RequestOutcome>))]
public enum RequestOutcome { Running, Completed, ClientAborted, Cut }
