using System.Security.Cryptography;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace AiPlatform.Infrastructure.Postgres;

/// <summary>
/// Words between processes by LISTEN and NOTIFY, over one connection, gathered so that a busy server sends a few messages a second and never one per event.
/// Nothing depends on their arrival: whoever waits also looks by itself. A process does not hear its own.
/// </summary>
internal sealed partial class Signals(NpgsqlDataSource database, TimeProvider clock, ILogger<Signals> log) : BackgroundService
{
    /// <summary>The channels there are; each has words of its own.</summary>
    public const string Runs = "aiplatform_runs";
    public const string Documents = "aiplatform_documents";

    private static readonly string[] Channels = [Runs, Documents];

    // A payload takes 8,000 bytes, a word up to 32.
    private const int WordsPerMessage = 200;
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    // After so much silence the listener asks whether its connection still stands.
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(10);

    private readonly string _sender = RandomNumberGenerator.GetHexString(16);
    private readonly Lock _lock = new();
    private HashSet<(string Channel, string Word)> _pending = [];

    /// <summary>A word of another process, and its channel.</summary>
    public event Action<string, string>? Received;

    public void Send(string channel, string word)
    {
        lock (_lock) _pending.Add((channel, word));
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(SendAsync(stoppingToken), ListenAsync(stoppingToken));

    private async Task SendAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            await Task.Delay(Gather, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            // Also when this process stops, for what it gives away last.
            foreach (var channel in Take().GroupBy(pending => pending.Channel, pending => pending.Word))
            {
                foreach (var words in channel.Chunk(WordsPerMessage)) await SendAsync(channel.Key, words);
            }
        }
    }

    private HashSet<(string Channel, string Word)> Take()
    {
        lock (_lock)
        {
            if (_pending.Count == 0) return [];
            var taken = _pending;
            _pending = [];
            return taken;
        }
    }

    private async Task SendAsync(string channel, string[] words)
    {
        try
        {
            await using var command = database.CreateCommand("SELECT pg_notify($1, $2)");
            command.CommandTimeout = 3;
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = channel });
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = $"{_sender} {string.Join(' ', words)}" });
            await command.ExecuteNonQueryAsync(CancellationToken.None);
        }
        catch (Exception e)
        {
            LogFailed(log, e.Message);
        }
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await using var connection = await database.OpenConnectionAsync(cancellationToken);
                connection.Notification += (_, message) => Receive(message.Channel, message.Payload.Split(' '));
                await using (var command = new NpgsqlCommand(string.Join("; ", Channels.Select(channel => $"LISTEN {channel}")), connection))
                    await command.ExecuteNonQueryAsync(cancellationToken);
                while (true)
                {
                    if (await connection.WaitAsync(Silence, cancellationToken)) continue;
                    await using var ping = new NpgsqlCommand("SELECT 1", connection) { CommandTimeout = 3 };
                    await ping.ExecuteNonQueryAsync(cancellationToken);
                }
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                LogFailed(log, e.Message);
                await Task.Delay(Pause, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private void Receive(string channel, string[] words)
    {
        if (words[0] == _sender) return;
        foreach (var word in words[1..]) Received?.Invoke(channel, word);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Wake-ups between servers do not work at the moment, so others notice later: {Reason}")]
    private static partial void LogFailed(ILogger log, string reason);
}

/// <summary>Something waits to be taken: whoever takes it sleeps until then. Offers that nobody has taken yet count once.</summary>
internal sealed class Offers : IDisposable
{
    private readonly SemaphoreSlim _offered = new(0, 1);

    public void Offer()
    {
        try
        {
            _offered.Release();
        }
        catch (SemaphoreFullException)
        {
            // It has been offered already.
        }
    }

    /// <summary>Ends when something is offered, or when this much time is over.</summary>
    public Task NextAsync(TimeSpan atMost, CancellationToken cancellationToken) => _offered.WaitAsync(atMost, cancellationToken);

    public void Dispose() => _offered.Dispose();
}
