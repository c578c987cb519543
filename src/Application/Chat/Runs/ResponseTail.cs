using System.Runtime.CompilerServices;
using AiPlatform.Application.Common;

namespace AiPlatform.Application.Chat.Runs;

/// <summary>
/// The events of a run, for any number of readers at any pace. The writer never waits for a reader. What it holds is bounded by the length of the answer,
/// and goes with the run.
/// </summary>
public sealed class ResponseTail
{
    private readonly Lock _lock = new();
    private readonly List<WireEvent> _events = [];
    private TaskCompletionSource _news = New();
    private bool _isComplete;

    public void Append(WireEvent @event) => Change(() => _events.Add(@event));

    /// <summary>No event follows.</summary>
    public void Complete() => Change(() => _isComplete = true);

    public async IAsyncEnumerable<WireEvent> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var position = 0;
        while (true)
        {
            Task news;
            WireEvent next = default;
            bool has, ended;
            lock (_lock)
            {
                has = position < _events.Count;
                if (has) next = _events[position++];
                ended = _isComplete;
                news = _news.Task;
            }

            if (has) yield return next;
            else if (ended) yield break;
            else await news.WaitAsync(cancellationToken);
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
