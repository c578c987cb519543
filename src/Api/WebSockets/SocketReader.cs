using System.Buffers;
using System.Net.WebSockets;

namespace AiPlatform.Api.WebSockets;

/// <summary>What came in: a whole message, or none because the client has closed. Its bytes are there until the next one is asked for.</summary>
internal readonly record struct SocketMessage(WebSocketMessageType Type, ReadOnlyMemory<byte> Bytes, bool IsTooLarge = false);

/// <summary>Reads whole messages. Holds no buffer while the client is silent, which most clients are most of the time.</summary>
internal sealed class SocketReader(WebSocket socket, long mostBytes) : IDisposable
{
    private const int FirstBytes = 4 * 1024;

    // Whoever begins a message must go on with it.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private byte[] _buffer = [];

    /// <summary>Throws when the connection is gone, and when it is cut for what came over it.</summary>
    public async Task<SocketMessage> ReadAsync()
    {
        Release();
        var part = await socket.ReceiveAsync(Memory<byte>.Empty, CancellationToken.None);
        if (part.MessageType is WebSocketMessageType.Close || part.EndOfMessage) return new SocketMessage(part.MessageType, default);

        using var stalled = new CancellationTokenSource();
        _buffer = ArrayPool<byte>.Shared.Rent(FirstBytes);
        var length = 0;
        do
        {
            if (length == _buffer.Length) Grow();
            stalled.CancelAfter(Patience);
            part = await socket.ReceiveAsync(_buffer.AsMemory(length), stalled.Token);
            if (part.MessageType is WebSocketMessageType.Close) return new SocketMessage(part.MessageType, default);
            length += part.Count;
            if (length > mostBytes) return new SocketMessage(part.MessageType, default, IsTooLarge: true);
        }
        while (!part.EndOfMessage);

        return new SocketMessage(part.MessageType, _buffer.AsMemory(0, length));
    }

    public void Dispose() => Release();

    private void Grow()
    {
        var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
        _buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }

    private void Release()
    {
        if (_buffer.Length == 0) return;
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }
}
