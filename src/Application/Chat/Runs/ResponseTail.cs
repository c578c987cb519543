using System.Runtime.CompilerServices;
using AiPlatform.Application.Common;

namespace AiPlatform.Application.Chat.Runs;

/// <summary>
/// The events of a run that may be shown, from its first, for any number of readers at any pace. The writer never waits for a reader. What it holds is
/// bounded by the length of the answer, and goes with the run.
/// </summary>
public sealed class ResponseTail
{
    private readonly Lock _lock = new();
    private readonly List<WireEvent> _events = [];
    private TaskCompletionSource _news = New();
    private bool _isComplete;

    /// <summary>All there is so far.</summary>
    public IReadOnlyList<WireEvent> Events
    {
        get
        {
            lock (_lock) return [.. _events];
        }
    }

    public void Append(IReadOnlyList<WireEvent> events) => Change(() => _events.AddRange(events));

    /// <summary>No event follows.</summary>
    public void Complete() => Change(() => _isComplete = true);

    /// <summary>All events after the one of this number (-1: all), until there are no more.</summary>
    public async IAsyncEnumerable<WireEvent> ReadAsync(long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var position = (int)(after + 1);
        while (true)
        {
            Task news;
            List<WireEvent> next = [];
            bool ended;
            lock (_lock)
            {
                if (position < _events.Count) next = _events.GetRange(position, _events.Count - position);
                ended = _isComplete;
                news = _news.Task;
            }

            foreach (var @event in next) yield return @event;
            position += next.Count;
            if (next.Count > 0) continue;
            if (ended) yield break;
            await news.WaitAsync(cancellationToken);
        }
    }

    private void Change(Action change)
    {
        TaskCompletionSource waiting;
        lock (_lock)
        {
            change();
            waiting = _news;
            _news = New();
        }

        waiting.SetResult();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
