using System.Text;
using AiPlatform.Api.Errors;

namespace AiPlatform.Api.WebSockets;

/// <summary>The requests of a connection, by lane: those of one lane are answered one after the other, lanes beside each other.</summary>
internal sealed class SocketLanes(SocketOptions options, long mostQueuedBytes, Func<ClientEvent, Task> answer)
{
    // Where a request names none.
    private const string Default = "";

    private readonly Dictionary<string, Queue<ClientEvent>> _busy = [];
    private TaskCompletionSource? _idle;
    private int _queued;
    private long _queuedBytes;

    /// <summary>What takes the place of the last brace of an event, so that it names its lane.</summary>
    public static ReadOnlyMemory<byte> EndingOf(string? lane) => lane is null ? default : Encoding.UTF8.GetBytes($$""","stream_id":"{{lane}}"}""");

    /// <summary>Answers a request as soon as it is its turn; or returns why it never will be.</summary>
    public ApiError? Add(ClientEvent request)
    {
        var lane = request.Lane ?? Default;
        lock (_busy)
        {
            if (_busy.TryGetValue(lane, out var waiting)) return Enqueue(waiting, request);
            if (request.Lane is not null && _busy.Count - (_busy.ContainsKey(Default) ? 1 : 0) >= options.MaxLanes) return TooManyLanes();
            _busy[lane] = [];
        }

        _ = Task.Run(() => WorkAsync(lane, request));
        return null;
    }

    /// <summary>Ends when there is nothing to answer.</summary>
    public Task WhenIdleAsync()
    {
        lock (_busy) return _busy.Count == 0 ? Task.CompletedTask : (_idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
    }

    private ApiError? Enqueue(Queue<ClientEvent> waiting, ClientEvent request)
    {
        if (_queued >= options.MaxQueued || _queuedBytes + request.Bytes > mostQueuedBytes) return TooManyQueued();
        waiting.Enqueue(request);
        (_queued, _queuedBytes) = (_queued + 1, _queuedBytes + request.Bytes);
        return null;
    }

    private async Task WorkAsync(string lane, ClientEvent first)
    {
        for (var request = first; request is not null; request = Next(lane)) await answer(request);
    }

    private ClientEvent? Next(string lane)
    {
        lock (_busy)
        {
            if (_busy[lane].TryDequeue(out var next))
            {
                (_queued, _queuedBytes) = (_queued - 1, _queuedBytes - next.Bytes);
                return next;
            }

            _busy.Remove(lane);
            if (_busy.Count > 0) return null;
            _idle?.SetResult();
            _idle = null;
            return null;
        }
    }

    private ApiError TooManyLanes() => new(
        StatusCodes.Status400BadRequest, "websocket_stream_limit_reached", $"This connection has requests in {options.MaxLanes} lanes already, which is the most. Use one of their stream_ids, wait, or open another connection.", "stream_id");

    private static ApiError TooManyQueued() => new(
        StatusCodes.Status429TooManyRequests, "websocket_queue_full", "Too many requests, or too large ones, wait on this connection. Send more when some of them have been answered, or open another connection.");
}
