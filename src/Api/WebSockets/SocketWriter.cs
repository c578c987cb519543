using System.Buffers;
using System.Net.WebSockets;

namespace AiPlatform.Api.WebSockets;

/// <summary>The connection is gone, or has been closed from our side: nothing can be sent any more.</summary>
internal sealed class SocketGone(Exception? inner = null) : Exception("The connection is gone.", inner);

/// <summary>
/// Sends messages one after the other, for as many senders as there are. Queues nothing of its own: a sender waits until the connection has taken its message.
/// A reader that takes next to nothing for too long is cut off.
/// </summary>
internal sealed class SocketWriter(WebSocket socket, TimeSpan patience, TimeProvider clock) : IDisposable
{
    // Whoever reads slower than this uses patience up, and wins it back by reading faster.
    private const double SlowestBytesPerSecond = 1024;

    // A long message goes in several frames, so that it can be seen whether it goes at all.
    private const int MostFrameBytes = 16 * 1024;

    private readonly SemaphoreSlim _turn = new(1);
    private TimeSpan _waited;
    private bool _isClosed;

    /// <summary>Sends a JSON object; <paramref name="ending"/>, if any, takes the place of its last brace.</summary>
    public async ValueTask SendAsync(ReadOnlyMemory<byte> json, ReadOnlyMemory<byte> ending)
    {
        if (!_turn.Wait(0)) await _turn.WaitAsync();
        try
        {
            if (_isClosed) throw new SocketGone();
            if (ending.IsEmpty)
            {
                await TransmitAsync(json);
                return;
            }

            var length = json.Length - 1 + ending.Length;
            var buffer = ArrayPool<byte>.Shared.Rent(length);
            json.Span[..^1].CopyTo(buffer);
            ending.Span.CopyTo(buffer.AsSpan(json.Length - 1));
            await TransmitAsync(buffer.AsMemory(0, length));
            // Not where that failed: the connection may be at work on it still.
            ArrayPool<byte>.Shared.Return(buffer);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Says that nothing follows, and why. The client is to say the same; <see cref="SocketReader"/> sees it.</summary>
    public async Task CloseAsync(WebSocketCloseStatus status, string why)
    {
        await _turn.WaitAsync();
        try
        {
            if (_isClosed) return;
            _isClosed = true;
            if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived) await AwaitAsync(socket.CloseOutputAsync(status, why, CancellationToken.None), patience);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private async ValueTask TransmitAsync(ReadOnlyMemory<byte> message)
    {
        for (; message.Length > MostFrameBytes; message = message[MostFrameBytes..]) await TransmitAsync(message[..MostFrameBytes], isLast: false);
        await TransmitAsync(message, isLast: true);
    }

    private async ValueTask TransmitAsync(ReadOnlyMemory<byte> frame, bool isLast)
    {
        var allowed = TimeSpan.FromSeconds(Math.Min(frame.Length / SlowestBytesPerSecond, patience.TotalSeconds));
        var sending = socket.SendAsync(frame, WebSocketMessageType.Text, isLast, CancellationToken.None);
        var started = clock.GetTimestamp();
        // Most of the time there is room in the buffers below, and nothing to wait for.
        if (sending.IsCompletedSuccessfully) await sending;
        else await AwaitAsync(sending.AsTask(), patience - _waited + allowed);
        _waited += clock.GetElapsedTime(started) - allowed;
        if (_waited < TimeSpan.Zero) _waited = TimeSpan.Zero;
    }

    private async Task AwaitAsync(Task sending, TimeSpan atMost)
    {
        try
        {
            await sending.WaitAsync(atMost > TimeSpan.Zero ? atMost : TimeSpan.FromMilliseconds(1), clock);
        }
        catch (Exception e)
        {
            // Too late, or broken anyway.
            _isClosed = true;
            socket.Abort();
            _ = sending.ContinueWith(static late => late.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            throw new SocketGone(e);
        }
    }
}
