using System.Collections.Concurrent;
using AiPlatform.Domain.Chat;

namespace AiPlatform.Application.Chat.Runs;

/// <summary>Which responses are being read through this process: what keeps a run alive that is to be cancelled when nobody reads it.</summary>
public sealed class RunReaders
{
    private readonly ConcurrentDictionary<ResponseId, int> _counts = [];

    public IReadOnlyCollection<ResponseId> Read => [.. _counts.Keys];

    internal Reading Enter(ResponseId id)
    {
        _counts.AddOrUpdate(id, 1, (_, count) => count + 1);
        return new Reading(this, id);
    }

    private void Leave(ResponseId id)
    {
        while (_counts.TryGetValue(id, out var count))
        {
            if (count == 1 ? _counts.TryRemove(KeyValuePair.Create(id, 1)) : _counts.TryUpdate(id, count - 1, count)) return;
        }
    }

    internal sealed class Reading(RunReaders readers, ResponseId id) : IDisposable
    {
        public void Dispose() => readers.Leave(id);
    }
}
