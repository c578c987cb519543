using System.Security.Cryptography;
using System.Threading.Channels;
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
    private const string Channel = "aiplatform_runs";
    private const string Notify = $"SELECT pg_notify('{Channel}', $1)";
    private const string ClaimableWord = "claimable";

    // A payload takes 8,000 bytes.
    private const int IdsPerMessage = 200;
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly string _sender = RandomNumberGenerator.GetHexString(16);
    private readonly Channel<ResponseId?> _outgoing = System.Threading.Channels.Channel.CreateBounded<ResponseId?>(
        new BoundedChannelOptions(4096) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    private readonly SemaphoreSlim _claimable = new(0, 1);

    /// <summary>Another process has touched this run.</summary>
    public event Action<ResponseId>? Touched;

    public void Changed(ResponseId response)
    {
        changes.Happened(response);
        _outgoing.Writer.TryWrite(response);
    }

    public void Claimable()
    {
        Offer();
        _outgoing.Writer.TryWrite(null);
    }

    /// <summary>Ends when a run is offered, or when this much time is over.</summary>
    public Task ClaimableAsync(TimeSpan atMost, CancellationToken cancellationToken) => _claimable.WaitAsync(atMost, cancellationToken);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(SendAsync(stoppingToken), ListenAsync(stoppingToken));

    private async Task SendAsync(CancellationToken cancellationToken)
    {
        var (ids, isClaimable) = (new HashSet<ResponseId>(), false);
        try
        {
            while (await _outgoing.Reader.WaitToReadAsync(cancellationToken))
            {
                while (ids.Count < IdsPerMessage && _outgoing.Reader.TryRead(out var id))
                {
                    if (id is { } response) ids.Add(response);
                    else isClaimable = true;
                }

                await SendAsync(ids, isClaimable, cancellationToken);
                (isClaimable, _) = (false, ids.RemoveWhere(_ => true));
                await Task.Delay(Gather, clock, cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            // This process stops.
        }
    }

    private async Task SendAsync(HashSet<ResponseId> ids, bool isClaimable, CancellationToken cancellationToken)
    {
        try
        {
            var words = ids.Select(id => id.Value.ToString("n")).Concat(isClaimable ? [ClaimableWord] : []);
            await using var command = database.CreateCommand(Notify);
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = $"{_sender} {string.Join(' ', words)}" });
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException)
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
                await using (var command = new NpgsqlCommand($"LISTEN {Channel}", connection)) await command.ExecuteNonQueryAsync(cancellationToken);
                while (true) await connection.WaitAsync(cancellationToken);
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
