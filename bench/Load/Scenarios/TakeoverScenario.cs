using System.Diagnostics;
using System.Text.Json;
using AiPlatform.Bench.Servers;

namespace AiPlatform.Bench.Scenarios;

/// <summary>A process is killed while it writes answers; their readers go on at another. How long until they hear the next word, and that nothing is missing.</summary>
internal sealed class TakeoverScenario() : Scenario("takeover")
{
    private const int Streams = 10;
    private const int Tokens = 400;

    public override async Task RunAsync(Servers.Servers servers, Settings settings, CancellationToken cancellationToken)
    {
        var kills = settings.Full ? 10 : 3;
        foreach (var survivor in servers.Products.ToList())
        {
            var waits = new List<double>();
            for (var kill = 0; kill < kills; kill++)
            {
                var victim = await servers.StartProductAsync("victim", survivor.Dll!, survivor.Database!, cancellationToken);
                using var dead = new CancellationTokenSource();
                var readers = Enumerable.Range(kill * Streams, Streams).Select(seed => new Reader(seed)).ToList();
                var reads = readers.Select(reader => reader.ReadAsync(victim, survivor, dead.Token, cancellationToken)).ToList();
                await Task.WhenAll(readers.Select(reader => reader.HasBegun)).WaitAsync(cancellationToken);
                await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(4000)), cancellationToken);
                victim.Server!.Crash();
                var killed = Stopwatch.GetTimestamp();
                await dead.CancelAsync();
                foreach (var read in reads) waits.Add(Stopwatch.GetElapsedTime(killed, await read).TotalMilliseconds);
            }

            var times = new Percentiles([.. waits]);
            var table = new Table($"{Name}: {kills} x kill -9 under {Streams} streams, read on at another process, {survivor.Name}", "next token p50 ms", "worst ms");
            table.Add(survivor.Name, times[0.5], times.Max);
            table.Print();
        }
    }

    /// <summary>Reads one answer from a server that dies, and the rest from another.</summary>
    private sealed class Reader(int seed)
    {
        private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private string? _id;
        private long _last = -1;
        private bool _ended;

        /// <summary>Ends with the first event.</summary>
        public Task HasBegun => _begun.Task;

        /// <summary>Returns when the first word came from the other server.</summary>
        public async Task<long> ReadAsync(Target victim, Target survivor, CancellationToken dead, CancellationToken cancellationToken)
        {
            var body = JsonSerializer.SerializeToUtf8Bytes(new { model = victim.Model, stream = true, input = $"[[fake tokens={Tokens} seed={seed} delay=20]]" });
            using (var response = await victim.PostAsync(Api.Responses.Path, body, cancellationToken))
            {
                try
                {
                    await ReadAsync(response, null, cancellationToken);
                }
                catch (Exception e) when (e is IOException or HttpRequestException)
                {
                    // Its connection broke.
                }
            }

            if (!dead.IsCancellationRequested) throw new BrokenStream("A stream ended before its server was killed.");
            var first = 0L;
            using (var rest = await survivor.GetAsync($"{Api.Responses.Path}/{_id}?stream=true&starting_after={_last}", cancellationToken))
                await ReadAsync(rest, () => first = first == 0 ? Stopwatch.GetTimestamp() : first, cancellationToken);
            return _ended ? first : throw new BrokenStream($"Stream {seed} has no end.");
        }

        private async Task ReadAsync(HttpResponseMessage response, Action? onEvent, CancellationToken cancellationToken)
        {
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken));
            while (await reader.ReadLineAsync(cancellationToken) is { } line)
            {
                if (!line.StartsWith("data: ", StringComparison.Ordinal)) continue;
                using var json = JsonDocument.Parse(line.AsMemory("data: ".Length));
                var sequence = json.RootElement.GetProperty("sequence_number").GetInt64();
                if (sequence != _last + 1) throw new BrokenStream($"Stream {seed}: event {sequence} came after {_last}.");
                _last = sequence;
                _begun.TrySetResult();
                onEvent?.Invoke();
                if (json.RootElement.TryGetProperty("response", out var whole)) _id ??= whole.GetProperty("id").GetString();
                _ended = line.Contains("\"type\":\"response.completed\"", StringComparison.Ordinal);
            }
        }
    }
}
