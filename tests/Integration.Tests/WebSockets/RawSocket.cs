using System.Net.Sockets;
using System.Text;

namespace AiPlatform.Integration.Tests.WebSockets;

/// <summary>A WebSocket client that does only what it is told: it answers no ping and reads nothing by itself.</summary>
internal sealed class RawSocket : IDisposable
{
    public const int Text = 1;
    public const int Close = 8;
    public const int Ping = 9;
    public const int Pong = 10;

    private static int _count;

    private readonly TcpClient _client;
    private readonly NetworkStream _stream;

    private RawSocket(TcpClient client) => (_client, _stream) = (client, client.GetStream());

    /// <summary>By which its log entries are found.</summary>
    public string RequestId { get; } = $"raw-{Interlocked.Increment(ref _count)}";

    public static async Task<RawSocket> ConnectAsync(Uri address, string apiKey, CancellationToken cancellationToken, int? receiveBuffer = null)
    {
        var client = new TcpClient();
        if (receiveBuffer is { } bytes) client.ReceiveBufferSize = bytes;
        await client.ConnectAsync(address.Host, address.Port, cancellationToken);
        var socket = new RawSocket(client);
        await socket._stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"GET /v1/responses HTTP/1.1\r\nHost: {address.Authority}\r\nAuthorization: Bearer {apiKey}\r\nx-request-id: {socket.RequestId}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"), cancellationToken);
        var head = new StringBuilder();
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal)) head.Append((char)(await socket.ReadAsync(1, cancellationToken))[0]);
        if (!head.ToString().StartsWith("HTTP/1.1 101 ", StringComparison.Ordinal)) throw new InvalidDataException(head.ToString());
        return socket;
    }

    /// <summary>Sends a frame, masked with zeros, which leaves the bytes as they are.</summary>
    public async Task SendAsync(int opcode, byte[] payload, CancellationToken cancellationToken)
    {
        byte[] length = payload.Length < 126 ? [(byte)(0x80 | payload.Length)] : [0x80 | 126, (byte)(payload.Length >> 8), (byte)payload.Length];
        await _stream.WriteAsync((byte[])[(byte)(0x80 | opcode), .. length, 0, 0, 0, 0, .. payload], cancellationToken);
    }

    /// <summary>The next frame; null when the connection has ended.</summary>
    public async Task<(int Opcode, byte[] Payload)?> ReadFrameAsync(CancellationToken cancellationToken)
    {
        try
        {
            var head = await ReadAsync(2, cancellationToken);
            long length = head[1] & 0x7F;
            if (length == 126) length = ToNumber(await ReadAsync(2, cancellationToken));
            else if (length == 127) length = ToNumber(await ReadAsync(8, cancellationToken));
            return (head[0] & 0x0F, await ReadAsync((int)length, cancellationToken));
        }
        catch (IOException)
        {
            return null;
        }
    }

    public void Dispose() => _client.Dispose();

    private static long ToNumber(byte[] bytes) => bytes.Aggregate(0L, (number, digit) => (number << 8) | digit);

    private async Task<byte[]> ReadAsync(int bytes, CancellationToken cancellationToken)
    {
        var buffer = new byte[bytes];
        await _stream.ReadExactlyAsync(buffer, cancellationToken);
        return buffer;
    }
}
