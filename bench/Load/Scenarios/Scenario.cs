using AiPlatform.Bench.Servers;

namespace AiPlatform.Bench.Scenarios;

/// <summary>A question to the servers, answered by a table.</summary>
internal abstract class Scenario(string name)
{
    public static readonly IReadOnlyList<Scenario> All =
    [
        new StreamScenario("streams", new(Streams: 200, Tokens: 200, DelayMs: 50), new(Streams: 200, Tokens: 1000, DelayMs: 50)) { WatchesMemory = true },
        new StreamScenario("paced", new(Streams: 500, Tokens: 200, DelayMs: 20), new(Streams: 500, Tokens: 200, DelayMs: 20)),
        new StreamScenario("max", new(Streams: 64, Tokens: 500, Rounds: 4), new(Streams: 64, Tokens: 500, Rounds: 20)),
        new PlainScenario(),
        new StoredScenario(),
        new TakeoverScenario(),
        new AbortScenario(),
        new SocketScenario(),
        new IngestScenario(),
        new SearchScenario(),
    ];

    public string Name { get; } = name;

    public abstract Task RunAsync(Servers.Servers servers, Settings settings, CancellationToken cancellationToken);

    /// <summary>Lets what the last cell left behind (sockets, garbage, log lines) come to rest.</summary>
    protected static Task PauseAsync(CancellationToken cancellationToken) => Task.Delay(TimeSpan.FromMilliseconds(500), cancellationToken);
}
