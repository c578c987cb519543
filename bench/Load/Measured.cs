using AiPlatform.Bench.Servers;

namespace AiPlatform.Bench;

/// <summary>One cell: what was delivered in which time, and what the server used for it.</summary>
internal sealed record Measured
{
    public required long Tokens { get; init; }
    public required double Seconds { get; init; }
    public required Usage? Usage { get; init; }
    public required Percentiles FirstMs { get; init; }
    public required Percentiles LateMs { get; init; }

    public double TokensPerSecond => Tokens / Seconds;
    public double? CpuPerMillion => Usage?.CpuSeconds * 1e6 / Tokens;
}

/// <summary>What a server process used between two moments. Megabytes are its resident set.</summary>
internal sealed record Usage(double CpuSeconds, double MegabytesBefore, double MegabytesPeak);

internal sealed class Percentiles
{
    private readonly double[] _sorted;

    public Percentiles(double[] values)
    {
        _sorted = values;
        Array.Sort(_sorted);
    }

    public double this[double share] => _sorted.Length == 0 ? double.NaN : _sorted[(int)Math.Min(_sorted.Length - 1, share * _sorted.Length)];

    public double Max => this[1];
}

/// <summary>Watches a server from its making until it is stopped.</summary>
internal sealed class UsageMeter : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly ServerProcess? _server;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _watching = Task.CompletedTask;
    private readonly double _cpuBefore;
    private readonly double _megabytesBefore;
    private double _peak;

    public UsageMeter(ServerProcess? server)
    {
        _server = server;
        if (server is null) return;
        (_cpuBefore, _megabytesBefore) = (server.CpuSeconds, server.RssMegabytes);
        _watching = WatchAsync(server);
    }

    public async Task<Usage?> StopAsync()
    {
        if (_server is null) return null;
        var cpu = _server.CpuSeconds - _cpuBefore;
        _peak = Math.Max(_peak, _server.RssMegabytes);
        await _stop.CancelAsync();
        await _watching;
        return new Usage(cpu, _megabytesBefore, _peak);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching;
        _stop.Dispose();
    }

    private async Task WatchAsync(ServerProcess server)
    {
        using var timer = new PeriodicTimer(Interval);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token)) _peak = Math.Max(_peak, server.RssMegabytes);
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
    }
}
