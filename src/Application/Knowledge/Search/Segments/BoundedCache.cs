namespace AiPlatform.Application.Knowledge.Search.Segments;

/// <summary>Keeps what was used last, up to so many bytes. What it keeps never changes, so it is never wrong; it only may be of no use any more.</summary>
internal sealed class BoundedCache<TKey, TValue>(long mostBytes) where TKey : notnull
{
    private readonly Lock _lock = new();
    private readonly Dictionary<TKey, LinkedListNode<Entry>> _entries = [];
    private readonly LinkedList<Entry> _byUse = [];
    private long _bytes;

    public bool TryGet(TKey key, out TValue value)
    {
        lock (_lock)
        {
            if (!_entries.TryGetValue(key, out var node))
            {
                value = default!;
                return false;
            }

            if (node != _byUse.First)
            {
                _byUse.Remove(node);
                _byUse.AddFirst(node);
            }

            value = node.Value.Value;
            return true;
        }
    }

    public void Add(TKey key, TValue value, int bytes)
    {
        lock (_lock)
        {
            if (_entries.ContainsKey(key)) return;
            _entries[key] = _byUse.AddFirst(new Entry(key, value, bytes));
            _bytes += bytes;
            while (_bytes > mostBytes && _byUse.Last is { } last)
            {
                _byUse.RemoveLast();
                _entries.Remove(last.Value.Key);
                _bytes -= last.Value.Bytes;
            }
        }
    }

    private readonly record struct Entry(TKey Key, TValue Value, int Bytes);
}
