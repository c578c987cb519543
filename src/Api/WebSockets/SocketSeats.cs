using System.Collections.Concurrent;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Domain.Common;

namespace AiPlatform.Api.WebSockets;

/// <summary>Counts the open WebSockets, and refuses those for which there is no seat.</summary>
internal sealed class SocketSeats(SocketOptions options)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<Guid, int> _byCaller = [];
    private int _taken;

    /// <summary>Takes a seat until the result is disposed of.</summary>
    public IDisposable Take(Caller caller)
    {
        if (Interlocked.Increment(ref _taken) > options.MaxConnections)
        {
            Interlocked.Decrement(ref _taken);
            throw new Unavailable("too_many_connections", "This server holds as many WebSockets as it can. Try again later, or use plain requests.", RetryAfter);
        }

        var owner = caller.ApiKeyId?.Value ?? caller.UserId.Value;
        if (_byCaller.AddOrUpdate(owner, 1, (_, count) => count + 1) > options.MaxConnectionsPerCaller)
        {
            Leave(owner);
            throw new QuotaExceeded(
                "too_many_connections", $"You have {options.MaxConnectionsPerCaller} WebSockets open, which is the most for one API key or person. Close one, or run more requests on each.", RetryAfter);
        }

        return new Seat(this, owner);
    }

    private void Leave(Guid owner)
    {
        Interlocked.Decrement(ref _taken);
        while (_byCaller.TryGetValue(owner, out var count))
        {
            if (count == 1 ? _byCaller.TryRemove(KeyValuePair.Create(owner, 1)) : _byCaller.TryUpdate(owner, count - 1, count)) return;
        }
    }

    private sealed class Seat(SocketSeats seats, Guid owner) : IDisposable
    {
        public void Dispose() => seats.Leave(owner);
    }
}
