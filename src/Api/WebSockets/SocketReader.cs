using System.Buffers;
using System.Net.WebSockets;

namespace AiPlatform.Api.WebSockets;

/// <summary>What came in: a whole message, or <c>Close</c> where none follows. Its bytes are there until the next one is asked for.</summary>
internal readonly record struct SocketMessage(WebSocketMessageType Type, ReadOnlyMemory<byte> Bytes, bool IsTooLarge = false);

/// <summary>Reads whole messages. Holds no buffer while the client is silent, which most clients are most of the time.</summary>
internal sealed class SocketReader(WebSocket socket, long mostBytes) : IDisposable
{
    private const int FirstBytes = 4 * 1024;

    // Whoever begins a message must go on with it.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private byte[] _buffer = [];

    /// <summary>Never throws.</summary>
    public async Task<SocketMessage> ReadAsync()
    {
        Release();
        try
        {
            var part = await socket.ReceiveAsync(Memory<byte>.Empty, CancellationToken.None);
            return part.MessageType is WebSocketMessageType.Close || part.EndOfMessage ? new SocketMessage(part.MessageType, default) : await ReadBegunAsync();
        }
        catch (Exception)
        {
            // It hung up without a word, is dead, broke the protocol (which it has been told), or was cut off: nothing went wrong here.
            if (socket.State is not WebSocketState.CloseSent) socket.Abort();
            return new SocketMessage(WebSocketMessageType.Close, default);
        }
    }

    public void Dispose() => Release();

    private async Task<SocketMessage> ReadBegunAsync()
    {
        using var stalled = new CancellationTokenSource();
        _buffer = ArrayPool<byte>.Shared.Rent(FirstBytes);
        var length = 0;
        while (true)
        {
            if (length == _buffer.Length) Grow();
            stalled.CancelAfter(Patience);
            var part = await socket.ReceiveAsync(_buffer.AsMemory(length), stalled.Token);
            length += part.Count;
            if (length > mostBytes) return new SocketMessage(part.MessageType, default, IsTooLarge: true);
            if (part.EndOfMessage) return new SocketMessage(part.MessageType, _buffer.AsMemory(0, length));
        }
    }

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
