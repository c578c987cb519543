using AiPlatform.Bench.Servers;

namespace AiPlatform.Bench.Scenarios;

/// <summary>
/// What durability costs: the same text as stored, resumable responses and as chat completions that nobody keeps. Streams come one after the other, and so
/// many that a hundred are open at a time: a time to first token is then the server's, not that of a queue of beginnings.
/// </summary>
internal sealed class StoredScenario() : Scenario("stored")
{
    private const int AtOnce = 100;
    private const int Streams = 3 * AtOnce;
    private const int Tokens = 200;
    private const int DelayMs = 20;
    private const int EveryMs = Tokens * DelayMs / AtOnce;

    // PostgreSQL's counters lag behind.
    private static readonly TimeSpan StatisticsLag = TimeSpan.FromSeconds(2);

    public override async Task RunAsync(Servers.Servers servers, Settings settings, CancellationToken cancellationToken)
    {
        foreach (var target in servers.Products)
        {
            await new StreamLoad(target, Api.Responses, Streams: 100, Tokens: 100).RunAsync(cancellationToken);
            var (unstored, stored) = (new List<Cell>(), new List<Cell>());
            for (var repeat = 0; repeat < settings.Repeats + 1; repeat++)
            {
                unstored.Add(await MeasureAsync(target, Api.Chat, cancellationToken));
                stored.Add(await MeasureAsync(target, Api.Responses, cancellationToken));
            }

            var table = new Table(
                $"{Name}: {Streams} streams x {Tokens} tokens, {DelayMs} ms apart, {AtOnce} at a time, {target.Name}",
                "CPU s/1M", "with PostgreSQL", "TTFT p50", "p99 ms", "late p50", "p99 ms", "transactions/1000 events");
            table.Add("unstored chat", Figures(unstored));
            table.Add("stored responses", Figures(stored));
            table.Add("stored / unstored", [.. Figures(stored).Zip(Figures(unstored), (ours, theirs) => theirs is > 0 ? ours / theirs : null)]);
            table.Print();
            Console.WriteLine($"time to first token, median: {stored.Min(First) - unstored.Min(First):+0.0;-0.0} ms");
        }

        static double First(Cell cell) => cell.Load.FirstMs[0.5];
    }

    private static async Task<Cell> MeasureAsync(Target target, Api api, CancellationToken cancellationToken)
    {
        var database = target.Database!;
        await Task.Delay(StatisticsLag, cancellationToken);
        var (cpu, transactions) = (await database.CpuSecondsAsync(cancellationToken), await database.TransactionsAsync(cancellationToken));
        var measured = await new StreamLoad(target, api, Streams, Tokens, DelayMs) { EveryMs = EveryMs }.RunAsync(cancellationToken);
        cpu = await database.CpuSecondsAsync(cancellationToken) - cpu;
        await Task.Delay(StatisticsLag, cancellationToken);
        return new Cell(measured, cpu, await database.TransactionsAsync(cancellationToken) - transactions);
    }

    private static double?[] Figures(List<Cell> cells) =>
    [
        cells.Min(cell => cell.Load.CpuPerMillion), cells.Min(cell => cell.Load.CpuPerMillion + cell.PostgresCpu * 1e6 / cell.Load.Tokens),
        cells.Min(cell => cell.Load.FirstMs[0.5]), cells.Min(cell => cell.Load.FirstMs[0.99]),
        cells.Min(cell => cell.Load.LateMs[0.5]), cells.Min(cell => cell.Load.LateMs[0.99]),
        cells.Min(cell => cell.Transactions * 1000.0 / cell.Load.Tokens),
    ];

    private sealed record Cell(Measured Load, double? PostgresCpu, long Transactions);
}
