using AiPlatform.Domain.Chat;

namespace AiPlatform.Application.Chat.Runs;

/// <summary>Lets readers sleep until something happens to the response they read, here or in another process.</summary>
public sealed class RunChanges
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ResponseId, List<Listener>> _listeners = [];

    /// <summary>Something new can be read, or the run has another owner.</summary>
    public void Happened(ResponseId response)
    {
        lock (_lock)
        {
            foreach (var listener in _listeners.GetValueOrDefault(response) ?? []) listener.Set();
        }
    }

    internal Listener Listen(ResponseId response)
    {
        var listener = new Listener(this, response);
        lock (_lock)
        {
            if (!_listeners.TryGetValue(response, out var others)) _listeners[response] = others = [];
            others.Add(listener);
        }

        return listener;
    }

    private void Leave(ResponseId response, Listener listener)
    {
        lock (_lock)
        {
            if (_listeners.TryGetValue(response, out var others) && others.Remove(listener) && others.Count == 0) _listeners.Remove(response);
        }
    }

    /// <summary>Remembers what happens between two waits, so that who looks and then waits misses nothing.</summary>
    internal sealed class Listener(RunChanges changes, ResponseId response) : IDisposable
    {
        private readonly SemaphoreSlim _happened = new(0, 1);

        public Task NextAsync(TimeSpan atMost, CancellationToken cancellationToken) => _happened.WaitAsync(atMost, cancellationToken);

        public void Set()
        {
            if (_happened.CurrentCount == 0) _happened.Release();
        }

        public void Dispose()
        {
            changes.Leave(response, this);
            _happened.Dispose();
        }
    }
}
