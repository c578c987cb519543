using System.Globalization;
using System.Text.Json;
using AiPlatform.Bench.Servers;

namespace AiPlatform.Bench.Scenarios;

/// <summary>Clients hang up in mid-stream: how long until the vendor, who bills by the token, sees it. Its own tokens are 10 ms apart, which is how often it looks.</summary>
internal sealed class AbortScenario() : Scenario("abort")
{
    private const int Clients = 100;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    public override async Task RunAsync(Servers.Servers servers, Settings settings, CancellationToken cancellationToken)
    {
        using var vendor = new HttpClient { BaseAddress = servers.Fake, Timeout = Patience };
        var table = new Table($"{Name}: {Clients} clients hang up in mid-stream; milliseconds until the vendor notices", "p50 ms", "p99 ms", "max ms");
        foreach (var target in servers.Targets)
        {
            using (await vendor.PostAsync("/fake/reset", null, cancellationToken))
            {
                var hungUp = await Task.WhenAll(Enumerable.Range(0, Clients).Select(client => HangUpAsync(target, client, cancellationToken)));
                var noticed = await NoticedAsync(vendor, target, cancellationToken);
                var times = new Percentiles([.. hungUp.Select((moment, client) => (noticed[client] - moment).TotalMilliseconds)]);
                table.Add(target.Name, times[0.5], times[0.99], times.Max);
            }
        }

        table.Print();
    }

    /// <summary>Reads a stream for a while and leaves; returns when.</summary>
    private static async Task<DateTimeOffset> HangUpAsync(Target target, int client, CancellationToken cancellationToken)
    {
        var body = target.ChatBody($"client={client} [[fake tokens=100000 delay=10]]", stream: true);
        using var response = await target.PostAsync(Api.Chat.Path, body, cancellationToken);
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[16 * 1024];
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        leave.CancelAfter(TimeSpan.FromMilliseconds(1000 + (client * 10)));
        try
        {
            while (await stream.ReadAsync(buffer, leave.Token) > 0)
            {
                // Until it is time to leave.
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Cancelling a read closes the connection, now.
            return DateTimeOffset.UtcNow;
        }

        throw new BrokenStream($"{target.Name}: a stream ended by itself.");
    }

    /// <summary>When the vendor saw each client's stream end, by client.</summary>
    private static async Task<DateTimeOffset[]> NoticedAsync(HttpClient vendor, Target target, CancellationToken cancellationToken)
    {
        var deadline = DateTimeOffset.UtcNow + Patience;
        while (true)
        {
            using var json = JsonDocument.Parse(await vendor.GetByteArrayAsync("/fake/requests", cancellationToken));
            var ended = json.RootElement.EnumerateArray()
                .Where(request => request.GetProperty("outcome").GetString() is "ClientAborted" or "clientAborted")
                .ToDictionary(ClientOf, request => request.GetProperty("finishedAt").GetDateTimeOffset());
            if (ended.Count == Clients) return [.. ended.OrderBy(pair => pair.Key).Select(pair => pair.Value)];
            if (DateTimeOffset.UtcNow > deadline) throw new BrokenStream($"{target.Name}: the vendor saw only {ended.Count} of {Clients} clients hang up within {Patience.TotalSeconds} s.");
            await Task.Delay(100, cancellationToken);
        }
    }

    private static int ClientOf(JsonElement request)
    {
        var message = request.GetProperty("body").GetProperty("messages")[0].GetProperty("content").GetString()!;
        return int.Parse(message["client=".Length..message.IndexOf(' ', StringComparison.Ordinal)], CultureInfo.InvariantCulture);
    }
}
