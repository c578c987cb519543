using System.Diagnostics;
using System.Threading.Tasks.Sources;

namespace AiPlatform.FakeModels;

/// <summary>
/// One thread that wakes every stream whose next token is due, and lets it write there and then. A timer and a thread pool hop per
/// token would cost more than the token.
/// </summary>
internal sealed class Metronome : IDisposable
{
    private static readonly long TicksPerMillisecond = Stopwatch.Frequency / 1000;

    private readonly PriorityQueue<Waiter, long> _waiting = new();
    private readonly List<Waiter> _due = [];
    private readonly object _lock = new();
    private bool _stopped;

    public Metronome() => new Thread(Run) { IsBackground = true, Name = "metronome" }.Start();

    /// <summary>Waits for a moment of <see cref="Stopwatch"/>, rounded up to the next millisecond so that streams wake together.</summary>
    public ValueTask WaitAsync(Waiter waiter, long timestamp)
    {
        var due = (timestamp + TicksPerMillisecond - 1) / TicksPerMillisecond;
        var task = waiter.Arm();
        lock (_lock)
        {
            if (_stopped)
            {
                waiter.Wake();
                return task;
            }

            var soonest = _waiting.TryPeek(out _, out var first) ? first : long.MaxValue;
            _waiting.Enqueue(waiter, due);
            if (due < soonest) Monitor.Pulse(_lock);
        }

        return task;
    }

    /// <summary>Stops the thread; whoever still waits is woken at once.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _stopped = true;
            Monitor.Pulse(_lock);
        }
    }

    private void Run()
    {
        while (CollectDue())
        {
            foreach (var waiter in _due) waiter.Wake();
            _due.Clear();
        }

        foreach (var waiter in _due) waiter.Wake();
    }

    private bool CollectDue()
    {
        lock (_lock)
        {
            while (true)
            {
                var now = Stopwatch.GetTimestamp() / TicksPerMillisecond;
                var wait = Timeout.Infinite;
                while (_waiting.TryPeek(out var waiter, out var due))
                {
                    if (due > now && !_stopped)
                    {
                        wait = (int)(due - now);
                        break;
                    }

                    _due.Add(_waiting.Dequeue());
                }

                if (_stopped) return false;
                if (_due.Count > 0) return true;
                Monitor.Wait(_lock, wait);
            }
        }
    }

    /// <summary>One stream's reusable place in the queue.</summary>
    internal sealed class Waiter : IValueTaskSource
    {
        private ManualResetValueTaskSourceCore<bool> _core;

        public ValueTask Arm()
        {
            _core.Reset();
            return new ValueTask(this, _core.Version);
        }

        public void Wake() => _core.SetResult(true);

        void IValueTaskSource.GetResult(short token) => _core.GetResult(token);

        ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _core.GetStatus(token);

        void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
            _core.OnCompleted(continuation, state, token, flags);
    }
}
