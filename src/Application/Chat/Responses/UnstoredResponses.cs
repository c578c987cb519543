using AiPlatform.Domain.Chat;

namespace AiPlatform.Application.Chat.Responses;

/// <summary>
/// What responses with <c>store: false</c> leave behind for as long as one connection lasts, so that the next on it can build on them. Bounded: what has not
/// been built on for longest goes first.
/// </summary>
public sealed class UnstoredResponses(long mostBytes)
{
    // In the order of their last use.
    private readonly List<Kept> _kept = [];
    private long _bytes;

    /// <summary>All that a response has read and said, oldest first, each item as JSON; null where it is not here.</summary>
    internal IReadOnlyList<string>? Find(ResponseId id)
    {
        lock (_kept)
        {
            var at = _kept.FindIndex(kept => kept.Id == id);
            if (at < 0) return null;
            var found = _kept[at];
            _kept.RemoveAt(at);
            _kept.Add(found);
            return found.Items;
        }
    }

    internal void Keep(ResponseId id, IReadOnlyList<string> items)
    {
        // Items that several have in common are counted for each: rather too few are kept than too many.
        var kept = new Kept(id, items, items.Sum(item => (long)item.Length * sizeof(char)));
        if (kept.Bytes > mostBytes) return;
        lock (_kept)
        {
            _kept.Add(kept);
            _bytes += kept.Bytes;
            while (_bytes > mostBytes)
            {
                _bytes -= _kept[0].Bytes;
                _kept.RemoveAt(0);
            }
        }
    }

    private sealed record Kept(ResponseId Id, IReadOnlyList<string> Items, long Bytes);
}
