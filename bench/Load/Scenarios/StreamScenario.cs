using AiPlatform.Bench.Servers;

namespace AiPlatform.Bench.Scenarios;

/// <summary>How many streams, of what.</summary>
internal sealed record StreamShape(int Streams, int Tokens, int DelayMs = 0, int Rounds = 1)
{
    public override string ToString() =>
        $"{Streams} streams x {Tokens} tokens, {(DelayMs > 0 ? $"{DelayMs} ms apart" : $"as fast as possible, {Rounds} rounds")}";
}

/// <summary>Chat-completion streams through every server: what they cost, and how late tokens are.</summary>
internal sealed class StreamScenario(string name, StreamShape quick, StreamShape full) : Scenario(name)
{
    private static readonly TimeSpan SettleTime = TimeSpan.FromSeconds(20);

    /// <summary>Whether to look at memory again 20 s later. Such a cell runs once: the second would begin with the memory of the first.</summary>
    public bool WatchesMemory { get; init; }

    public override async Task RunAsync(Servers.Servers servers, Settings settings, CancellationToken cancellationToken)
    {
        var shape = settings.Full ? full : quick;
        var cells = servers.Targets.ToDictionary(target => target, _ => new List<Measured>());
        var settled = servers.Targets.ToDictionary(target => target, _ => Task.FromResult<double?>(null));
        for (var repeat = 0; repeat < (WatchesMemory ? 1 : settings.Repeats); repeat++)
        {
            foreach (var target in servers.Targets)
            {
                await PauseAsync(cancellationToken);
                cells[target].Add(await new StreamLoad(target, Api.Chat, shape.Streams, shape.Tokens, shape.DelayMs, shape.Rounds).RunAsync(cancellationToken));
                if (WatchesMemory) settled[target] = SettledAsync(target, cancellationToken);
            }
        }

        string[] columns = ["CPU s/1M", "tokens/s", "TTFT p50", "p99 ms", "late p50", "p99 ms", "MB before", "MB peak", "kB/stream", "MB settled"];
        var table = new Table($"{Name}: {shape}", columns);
        foreach (var target in servers.Targets) table.Add(target.Name, Figures(cells[target], shape.Streams, await settled[target]));
        table.Print();
    }

    private static double?[] Figures(List<Measured> cells, int streams, double? settled)
    {
        var (before, peak) = (cells[0].Usage?.MegabytesBefore, cells.Max(cell => cell.Usage?.MegabytesPeak));
        return
        [
            cells.Min(cell => cell.CpuPerMillion), cells.Max(cell => cell.TokensPerSecond),
            cells.Min(cell => cell.FirstMs[0.5]), cells.Min(cell => cell.FirstMs[0.99]),
            cells.Min(cell => cell.LateMs[0.5]), cells.Min(cell => cell.LateMs[0.99]),
            before, peak, (peak - before) * 1024 / streams, settled,
        ];
    }

    private static async Task<double?> SettledAsync(Target target, CancellationToken cancellationToken)
    {
        if (target.Server is null) return null;
        await Task.Delay(SettleTime, cancellationToken);
        return target.Server.RssMegabytes;
    }
}
