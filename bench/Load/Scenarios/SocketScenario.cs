using System.Diagnostics;
using System.Net.WebSockets;
using System.Text;
using AiPlatform.Bench.Servers;

namespace AiPlatform.Bench.Scenarios;

/// <summary>Many WebSockets on which nothing happens for longer than the server waits before it asks whether they are alive.</summary>
internal sealed class SocketScenario() : Scenario("sockets")
{
    private const int AtOnce = 50;
    private const int WarmUpSockets = 300;
    private const int Asked = 100;

    private static readonly TimeSpan WarmUpLimit = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan WarmUpPause = TimeSpan.FromSeconds(1);
    private static readonly byte[] Question = Encoding.UTF8.GetBytes("""{"type":"response.create","model":"fake-chat","store":false,"generate":false}""");

    public override async Task RunAsync(Servers.Servers servers, Settings settings, CancellationToken cancellationToken)
    {
        var (count, idle) = settings.Full ? (8000, TimeSpan.FromMinutes(2)) : (2000, TimeSpan.FromSeconds(40));
        var table = new Table(
            $"{Name}: {count} connections, idle for {idle.TotalSeconds} s", "opened/s", "CPU ms/open", "alive", "live kB", "RSS kB", "CPU % idle");
        foreach (var target in servers.Products.Where(target => target is { Server: not null, Probe: not null }))
        {
            var opening = await CheapestOpeningAsync(target, target.Server!, cancellationToken);
            await MeasureAsync(target, target.Server!, target.Probe!, count, idle, opening, table, cancellationToken);
        }

        table.Print();
    }

    /// <summary>CPU seconds for one, opened and closed until it gets no cheaper: the runtime compiles beside it, with pauses to catch up.</summary>
    private static async Task<double> CheapestOpeningAsync(Target target, ServerProcess server, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var best = double.PositiveInfinity;
        var steady = 0;
        while (steady < 3 && Stopwatch.GetElapsedTime(started) < WarmUpLimit)
        {
            var cpu = server.CpuSeconds;
            var sockets = await OpenAsync(target, WarmUpSockets, cancellationToken);
            var cost = server.CpuSeconds - cpu;
            Close(sockets);
            await Task.Delay(WarmUpPause, cancellationToken);
            steady = cost >= best * 0.9 ? steady + 1 : 0;
            best = Math.Min(best, cost);
        }

        return best / WarmUpSockets;
    }

    private static async Task MeasureAsync(
        Target target, ServerProcess server, ServerProbe probe, int count, TimeSpan idle, double opening, Table table, CancellationToken cancellationToken)
    {
        await PauseAsync(cancellationToken);
        var (liveBefore, rssBefore) = (await probe.CollectAsync(cancellationToken), server.RssMegabytes);
        var started = Stopwatch.GetTimestamp();
        var sockets = await OpenAsync(target, count, cancellationToken);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;

        var cpu = server.CpuSeconds;
        await Task.Delay(idle, cancellationToken);
        var idling = server.CpuSeconds - cpu;
        var (live, rss) = (await probe.CollectAsync(cancellationToken) - liveBefore, server.RssMegabytes - rssBefore);
        var alive = sockets.Count(socket => socket.IsAlive);
        foreach (var socket in sockets.Where(socket => socket.IsAlive).Take(Asked)) await socket.AskAsync(cancellationToken);
        Close(sockets);
        table.Add(target.Name, count / seconds, opening * 1000, alive, live / 1024.0 / count, rss * 1024 / count, idling * 100 / idle.TotalSeconds);
        if (alive < count) throw new BrokenStream($"{target.Name}: {count - alive} of {count} idle connections were lost.");
    }

    private static async Task<List<IdleSocket>> OpenAsync(Target target, int count, CancellationToken cancellationToken)
    {
        var sockets = new List<IdleSocket>();
        foreach (var batch in Enumerable.Range(0, count).Chunk(AtOnce))
            sockets.AddRange(await Task.WhenAll(batch.Select(_ => IdleSocket.OpenAsync(target.Address, cancellationToken))));
        return sockets;
    }

    private static void Close(List<IdleSocket> sockets) => sockets.ForEach(socket => socket.Dispose());

    /// <summary>Answers pings, because a read is always under way.</summary>
    private sealed class IdleSocket : IDisposable
    {
        private readonly ClientWebSocket _socket = new();
        private readonly byte[] _buffer = new byte[16 * 1024];
        private Task<WebSocketReceiveResult> _reading = null!;

        public bool IsAlive => !_reading.IsCompleted && _socket.State is WebSocketState.Open;

        public static async Task<IdleSocket> OpenAsync(Uri address, CancellationToken cancellationToken)
        {
            var socket = new IdleSocket();
            socket._socket.Options.KeepAliveInterval = Timeout.InfiniteTimeSpan;
            socket._socket.Options.SetRequestHeader("Authorization", "Bearer " + Servers.Servers.Key);
            await socket._socket.ConnectAsync(new UriBuilder(new Uri(address, Api.Responses.Path)) { Scheme = "ws" }.Uri, cancellationToken);
            socket._reading = socket._socket.ReceiveAsync(socket._buffer, CancellationToken.None);
            return socket;
        }

        /// <summary>Shows that it still serves.</summary>
        public async Task AskAsync(CancellationToken cancellationToken)
        {
            await _socket.SendAsync(Question, WebSocketMessageType.Text, endOfMessage: true, cancellationToken);
            while (true)
            {
                var message = await _reading.WaitAsync(cancellationToken);
                if (_buffer.AsSpan(0, message.Count).IndexOf("response.completed"u8) >= 0) return;
                if (message.MessageType is WebSocketMessageType.Close) throw new BrokenStream("A connection was closed instead of serving a request.");
                _reading = _socket.ReceiveAsync(_buffer, cancellationToken);
            }
        }

        public void Dispose()
        {
            _socket.Abort();
            _socket.Dispose();
            _ = _reading.ContinueWith(static read => read.Exception, TaskScheduler.Default);
        }
    }
}
