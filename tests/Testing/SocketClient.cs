using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace AiPlatform.Testing;

/// <summary>A WebSocket to the application, and what came over it.</summary>
public sealed class SocketClient : IDisposable
{
    private readonly ClientWebSocket _socket;
    private readonly byte[] _buffer = new byte[64 * 1024];

    private SocketClient(ClientWebSocket socket) => _socket = socket;

    /// <summary>By which its log entries are found.</summary>
    public string RequestId => _socket.HttpResponseHeaders!["x-request-id"].Single();

    /// <summary>Why the server closed it.</summary>
    public int? CloseStatus => (int?)_socket.CloseStatus;

    /// <summary>Of a handshake that was refused.</summary>
    public static async Task<int> RefusedAsync(Uri address, string? apiKey, CancellationToken cancellationToken, params (string Name, string Value)[] headers)
    {
        using var socket = Create(apiKey, headers);
        try
        {
            await socket.ConnectAsync(SocketAddress(address), cancellationToken);
        }
        catch (WebSocketException)
        {
            return (int)socket.HttpStatusCode;
        }

        throw new InvalidOperationException("The handshake was not refused.");
    }

    public static async Task<SocketClient> ConnectAsync(Uri address, string? apiKey, CancellationToken cancellationToken, params (string Name, string Value)[] headers)
    {
        var socket = Create(apiKey, headers);
        try
        {
            await socket.ConnectAsync(SocketAddress(address), cancellationToken);
            return new SocketClient(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Sends a client event; JSON text is sent as it is.</summary>
    public Task SendAsync(object message, CancellationToken cancellationToken) => SendAsync(
        Encoding.UTF8.GetBytes(message as string ?? JsonSerializer.Serialize(message)), WebSocketMessageType.Text, cancellationToken);

    public Task SendAsync(byte[] message, WebSocketMessageType type, CancellationToken cancellationToken) =>
        _socket.SendAsync(message.AsMemory(), type, endOfMessage: true, cancellationToken).AsTask();

    /// <summary>Sends a client event in frames of a few bytes each.</summary>
    public async Task SendInPiecesAsync(string message, CancellationToken cancellationToken)
    {
        var pieces = Encoding.UTF8.GetBytes(message).Chunk(7).ToList();
        for (var i = 0; i < pieces.Count; i++) await _socket.SendAsync(pieces[i].AsMemory(), WebSocketMessageType.Text, i == pieces.Count - 1, cancellationToken);
    }

    /// <summary>The next message, as it was sent; null when the server has closed.</summary>
    public async Task<string?> ReadTextAsync(CancellationToken cancellationToken)
    {
        using var message = new MemoryStream();
        while (true)
        {
            var part = await _socket.ReceiveAsync(_buffer.AsMemory(), cancellationToken);
            if (part.MessageType is WebSocketMessageType.Close) return null;
            message.Write(_buffer, 0, part.Count);
            if (part.EndOfMessage) return Encoding.UTF8.GetString(message.GetBuffer(), 0, (int)message.Length);
        }
    }

    public async Task<JsonElement> ReadAsync(CancellationToken cancellationToken) =>
        JsonElement.Parse(await ReadTextAsync(cancellationToken) ?? throw new InvalidDataException($"The server closed with {CloseStatus}."));

    /// <summary>Reads up to a message of this type, and returns all that came.</summary>
    public async Task<List<JsonElement>> ReadUntilAsync(string type, CancellationToken cancellationToken)
    {
        var messages = new List<JsonElement>();
        do messages.Add(await ReadAsync(cancellationToken));
        while (messages[^1].GetProperty("type").GetString() != type);
        return messages;
    }

    /// <summary>Reads until the server closes, agrees, and returns why.</summary>
    public async Task<int?> ReadToEndAsync(CancellationToken cancellationToken)
    {
        while (await ReadTextAsync(cancellationToken) is not null) continue;
        if (_socket.State is WebSocketState.CloseReceived) await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "", cancellationToken);
        return CloseStatus;
    }

    public Task CloseAsync(CancellationToken cancellationToken) => _socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "", cancellationToken);

    /// <summary>Hangs up without a word.</summary>
    public void Dispose()
    {
        _socket.Abort();
        _socket.Dispose();
    }

    private static ClientWebSocket Create(string? apiKey, (string Name, string Value)[] headers)
    {
        var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        if (apiKey is not null) socket.Options.SetRequestHeader("Authorization", "Bearer " + apiKey);
        foreach (var (name, value) in headers) socket.Options.SetRequestHeader(name, value);
        return socket;
    }

    private static Uri SocketAddress(Uri address) => new UriBuilder(new Uri(address, "v1/responses")) { Scheme = "ws" }.Uri;
}
