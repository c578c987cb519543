namespace AiPlatform.Application.Common;

/// <summary>Lets whoever watches something sleep until it changes, here or in another process.</summary>
public class Changes<TKey> where TKey : notnull
{
    private readonly Lock _lock = new();
    private readonly Dictionary<TKey, List<Listener>> _listeners = [];

    public void Happened(TKey key)
    {
        lock (_lock)
        {
            foreach (var listener in _listeners.GetValueOrDefault(key) ?? []) listener.Set();
        }
    }

    public Listener Listen(TKey key)
    {
        var listener = new Listener(this, key);
        lock (_lock)
        {
            if (!_listeners.TryGetValue(key, out var others)) _listeners[key] = others = [];
            others.Add(listener);
        }

        return listener;
    }

    private void Leave(TKey key, Listener listener)
    {
        lock (_lock)
        {
            if (_listeners.TryGetValue(key, out var others) && others.Remove(listener) && others.Count == 0) _listeners.Remove(key);
        }
    }

    /// <summary>Remembers what happens between two waits, so that who looks and then waits misses nothing.</summary>
    public sealed class Listener : IDisposable
    {
        private readonly Changes<TKey> _changes;
        private readonly TKey _key;
        private readonly SemaphoreSlim _happened = new(0, 1);

        internal Listener(Changes<TKey> changes, TKey key) => (_changes, _key) = (changes, key);

        public Task NextAsync(TimeSpan atMost, CancellationToken cancellationToken) => _happened.WaitAsync(atMost, cancellationToken);

        public void Set()
        {
            if (_happened.CurrentCount == 0) _happened.Release();
        }

        public void Dispose()
        {
            _changes.Leave(_key, this);
            _happened.Dispose();
        }
    }
}
