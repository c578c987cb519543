using System.Net;
using System.Net.Sockets;

namespace AiPlatform.Testing;

/// <summary>Stands between the application and a server, and goes away when a test says so: as a server that is gone looks from outside.</summary>
public sealed class TcpRelay : IAsyncDisposable
{
    private readonly string _host;
    private readonly int _targetPort;
    private CancellationTokenSource _up = new();
    private Task _serving;

    public TcpRelay(string host, int port)
    {
        (_host, _targetPort) = (host, port);
        var listener = Listen(0);
        Port = ((IPEndPoint)listener.LocalEndpoint).Port;
        _serving = ServeAsync(listener, _up.Token);
    }

    public int Port { get; }

    /// <summary>Breaks all connections and refuses new ones.</summary>
    public async Task CutAsync()
    {
        await _up.CancelAsync();
        await _serving;
    }

    public void Restore()
    {
        _up.Dispose();
        _up = new CancellationTokenSource();
        _serving = ServeAsync(Listen(Port), _up.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await CutAsync();
        _up.Dispose();
    }

    private static TcpListener Listen(int port)
    {
        var listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start();
        return listener;
    }

    private async Task ServeAsync(TcpListener listener, CancellationToken up)
    {
        using (listener)
        {
            var connections = new List<Task>();
            try
            {
                while (true) connections.Add(RelayAsync(await listener.AcceptTcpClientAsync(up), up));
            }
            catch (OperationCanceledException)
            {
                listener.Stop();
            }

            await Task.WhenAll(connections);
        }
    }

    private async Task RelayAsync(TcpClient client, CancellationToken up)
    {
        using var server = new TcpClient();
        using (client)
        {
            try
            {
                await server.ConnectAsync(_host, _targetPort, up);
                // Whichever side ends first ends both.
                await await Task.WhenAny(client.GetStream().CopyToAsync(server.GetStream(), up), server.GetStream().CopyToAsync(client.GetStream(), up));
            }
            catch (Exception e) when (e is OperationCanceledException or IOException or SocketException)
            {
                // A reset, not an orderly end: what a client of a killed server sees.
                client.Client.LingerState = new LingerOption(true, 0);
            }
        }
    }
}
