using System.Diagnostics;
using System.Text;
using System.Text.Json;
using AiPlatform.Bench.Servers;

namespace AiPlatform.Bench.Scenarios;

/// <summary>Answers in one piece: requests per second, with as many clients as a busy backend has threads.</summary>
internal sealed class PlainScenario() : Scenario("plain")
{
    private const int Clients = 64;
    private const string Message = "[[fake tokens=20]]";

    public override async Task RunAsync(Servers.Servers servers, Settings settings, CancellationToken cancellationToken)
    {
        var length = TimeSpan.FromSeconds(settings.Full ? 10 : 2);
        var answer = await AnswerAsync(servers.Fake, cancellationToken);
        var cells = servers.Targets.ToDictionary(target => target, _ => new List<Cell>());
        for (var repeat = 0; repeat < settings.Repeats; repeat++)
        {
            foreach (var target in servers.Targets)
            {
                await PauseAsync(cancellationToken);
                cells[target].Add(await MeasureAsync(target, answer, length, cancellationToken));
            }
        }

        var table = new Table($"{Name}: {Clients} clients, one request after the other, answers of 20 tokens", "CPU s/1M req", "req/s", "p50 ms", "p99 ms");
        foreach (var target in servers.Targets)
        {
            var measured = cells[target];
            table.Add(
                target.Name, measured.Min(cell => cell.CpuPerMillion), measured.Max(cell => cell.PerSecond),
                measured.Min(cell => cell.Ms[0.5]), measured.Min(cell => cell.Ms[0.99]));
        }

        table.Print();
    }

    private static async Task<Cell> MeasureAsync(Target target, byte[] answer, TimeSpan length, CancellationToken cancellationToken)
    {
        var body = target.ChatBody(Message, stream: false);
        await ClientAsync(target, body, answer, TimeSpan.FromMilliseconds(500), cancellationToken);
        await using var usage = new UsageMeter(target.Server);
        var started = Stopwatch.GetTimestamp();
        var times = await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => ClientAsync(target, body, answer, length, cancellationToken)));
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var all = times.SelectMany(list => list).ToArray();
        return new Cell((await usage.StopAsync())?.CpuSeconds * 1e6 / all.Length, all.Length / seconds, new Percentiles(all));
    }

    private static async Task<List<double>> ClientAsync(Target target, byte[] body, byte[] answer, TimeSpan length, CancellationToken cancellationToken)
    {
        await Task.Yield();
        var times = new List<double>();
        var begin = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(begin) < length)
        {
            var started = Stopwatch.GetTimestamp();
            using var response = await target.PostAsync(Api.Chat.Path, body, cancellationToken);
            var bytes = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            if (bytes.AsSpan().IndexOf(answer) < 0) throw new BrokenStream($"{target.Name}: an answer is not the one the vendor gives: {Encoding.UTF8.GetString(bytes)}");
            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        return times;
    }

    /// <summary>The text that every answer must hold, as the vendor gives it.</summary>
    private static async Task<byte[]> AnswerAsync(Uri fake, CancellationToken cancellationToken)
    {
        var vendor = new Target("direct", fake, "fake-chat");
        using var response = await vendor.PostAsync(Api.Chat.Path, vendor.ChatBody(Message, stream: false), cancellationToken);
        using var json = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken));
        return Encoding.UTF8.GetBytes(json.RootElement.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetRawText());
    }

    private sealed record Cell(double? CpuPerMillion, double PerSecond, Percentiles Ms);
}
