using AiPlatform.Application.Common;

namespace AiPlatform.Application.Chat.Runs;

/// <summary>
/// Events of one run on their way into the log, in order: those that wait, and those that the writer is writing. Bounded: when it is full, the model is not
/// read any further.
/// </summary>
internal sealed class RunOutbox
{
    private const int MostBytes = 1024 * 1024;

    private readonly Lock _lock = new();
    private List<WireEvent> _waiting = [];
    private int _waitingBytes;
    private bool _isBeingWritten;
    private bool _isClosed;
    private TaskCompletionSource? _change;

    /// <summary>Returns whether it was empty, so that the writer must be told.</summary>
    public bool Add(WireEvent @event)
    {
        lock (_lock)
        {
            _waiting.Add(@event);
            _waitingBytes += @event.Json.Length;
            return _waiting.Count == 1;
        }
    }

    public async ValueTask WaitForRoomAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task change;
            lock (_lock)
            {
                if (_waitingBytes <= MostBytes) return;
                change = NextChange();
            }

            await change.WaitAsync(cancellationToken);
        }
    }

    /// <summary>For the writer: what waits, until <see cref="Written"/>. Empty when the run is ending by itself.</summary>
    public IReadOnlyList<WireEvent> Take()
    {
        lock (_lock)
        {
            if (_isClosed || _isBeingWritten || _waiting.Count == 0) return [];
            var taken = _waiting;
            (_waiting, _waitingBytes, _isBeingWritten) = ([], 0, true);
            return taken;
        }
    }

    /// <summary>For the writer: what it took is written, or cannot be.</summary>
    public void Written()
    {
        TaskCompletionSource? change;
        lock (_lock)
        {
            _isBeingWritten = false;
            (change, _change) = (_change, null);
        }

        change?.SetResult();
    }

    /// <summary>Takes it from the writer, once what that is writing is written. Returns what is left.</summary>
    public async Task<IReadOnlyList<WireEvent>> CloseAsync()
    {
        while (true)
        {
            Task change;
            lock (_lock)
            {
                _isClosed = true;
                if (!_isBeingWritten) return _waiting;
                change = NextChange();
            }

            await change;
        }
    }

    private Task NextChange() => (_change ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
}
