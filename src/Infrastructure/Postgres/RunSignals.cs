using System.Security.Cryptography;
using AiPlatform.Application.Chat.Runs;
using AiPlatform.Domain.Chat;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace AiPlatform.Infrastructure.Postgres;

/// <summary>
/// Wake-ups between processes by LISTEN and NOTIFY, gathered so that a busy server sends a few a second and never one per event. Nothing depends on
/// their arrival: whoever waits also looks by itself.
/// </summary>
internal sealed partial class RunSignals(NpgsqlDataSource database, RunChanges changes, TimeProvider clock, ILogger<RunSignals> log) : BackgroundService, IRunSignals
{
    private const string Name = "aiplatform_runs";
    private const string Notify = $"SELECT pg_notify('{Name}', $1)";
    private const string ClaimableWord = "claimable";

    // A payload takes 8,000 bytes.
    private const int IdsPerMessage = 200;
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    // After so much silence the listener asks whether its connection still stands.
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(10);

    private readonly string _sender = RandomNumberGenerator.GetHexString(16);
    private readonly SemaphoreSlim _claimable = new(0, 1);
    private readonly Lock _lock = new();
    private HashSet<ResponseId> _changed = [];
    private bool _hasClaimable;

    /// <summary>Another process has touched this run.</summary>
    public event Action<ResponseId>? Touched;

    public void Changed(ResponseId response)
    {
        changes.Happened(response);
        lock (_lock) _changed.Add(response);
    }

    public void Claimable()
    {
        Offer();
        lock (_lock) _hasClaimable = true;
    }

    /// <summary>Ends when a run is offered, or when this much time is over.</summary>
    public Task ClaimableAsync(TimeSpan atMost, CancellationToken cancellationToken) => _claimable.WaitAsync(atMost, cancellationToken);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(SendAsync(stoppingToken), ListenAsync(stoppingToken));

    private async Task SendAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            await Task.Delay(Gather, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            // Also when this process stops, for the runs it gives away last.
            foreach (var words in Take().Chunk(IdsPerMessage)) await SendAsync(words);
        }
    }

    private List<string> Take()
    {
        lock (_lock)
        {
            if (_changed.Count == 0 && !_hasClaimable) return [];
            var words = _changed.Select(id => id.Value.ToString("n")).ToList();
            if (_hasClaimable) words.Add(ClaimableWord);
            (_changed, _hasClaimable) = ([], false);
            return words;
        }
    }

    private async Task SendAsync(string[] words)
    {
        try
        {
            await using var command = database.CreateCommand(Notify);
            command.CommandTimeout = 3;
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
                connection.Notification += (_, message) => Receive(message.Payload.Split(' '));
                await using (var command = new NpgsqlCommand($"LISTEN {Name}", connection)) await command.ExecuteNonQueryAsync(cancellationToken);
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

    private void Receive(string[] words)
    {
        if (words[0] == _sender) return;
        foreach (var word in words[1..])
        {
            if (word == ClaimableWord) Offer();
            if (!Guid.TryParseExact(word, "n", out var id)) continue;
            changes.Happened(new ResponseId(id));
            Touched?.Invoke(new ResponseId(id));
        }
    }

    private void Offer()
    {
        try
        {
            _claimable.Release();
        }
        catch (SemaphoreFullException)
        {
            // It has been offered already.
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Wake-ups between servers do not work at the moment, so others notice later: {Reason}")]
    private static partial void LogFailed(ILogger log, string reason);
}
