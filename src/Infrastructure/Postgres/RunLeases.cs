using AiPlatform.Application.Chat.Runs;
using AiPlatform.Domain.Chat;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace AiPlatform.Infrastructure.Postgres;

/// <summary>
/// Tells the database each second that this process's runs are alive, and finds out which are not its own any more. On a thread and a connection of its own: a
/// busy thread pool must not look like a death.
/// </summary>
internal sealed partial class RunLeases(NpgsqlDataSource database, ResponseRuns runs, RunReaders readers, TimeProvider clock, ILogger<RunLeases> log) : IHostedService
{
    /// <summary>How long a lease lasts; the SQL repeats it.</summary>
    public static readonly TimeSpan Length = TimeSpan.FromSeconds(4);

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private const int TimeoutSeconds = 3;

    // Rows are locked in the order of their ids, as whoever appends does: so nobody waits for somebody who waits for him.
    private const string Renew = """
        WITH own AS (
            SELECT r.response_id FROM chat.runs r JOIN unnest($1, $2) AS own (id, epoch) ON r.response_id = own.id AND r.epoch = own.epoch
            ORDER BY r.response_id FOR UPDATE OF r)
        UPDATE chat.runs r SET lease_until = now() + interval '4 seconds' FROM own WHERE r.response_id = own.response_id
        RETURNING r.response_id, r.watched_until < now()
        """;

    private const string Watch = """
        WITH read AS (SELECT response_id FROM chat.runs WHERE response_id = ANY ($1) AND watched_until IS NOT NULL ORDER BY response_id FOR UPDATE)
        UPDATE chat.runs r SET watched_until = now() + interval '30 seconds' FROM read WHERE r.response_id = read.response_id
        """;

    private readonly object _pause = new();
    private readonly Lock _lock = new();
    private Thread? _thread;
    private volatile bool _isStopping;
    private long _contactAt;
    private long _contactSince;
    private bool _hasContact;

    /// <summary>
    /// Whether this process has been in touch with the database for at least one lease time. One that has been away (or frozen) must not take others for dead:
    /// they may just be coming back as well.
    /// </summary>
    public bool MayTakeOver
    {
        get
        {
            lock (_lock) return _hasContact && clock.GetElapsedTime(_contactAt) < Length / 2 && clock.GetElapsedTime(_contactSince) >= Length;
        }
    }

    /// <summary>Looks now: somebody has touched a run of ours.</summary>
    public void Wake()
    {
        lock (_pause) Monitor.Pulse(_pause);
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _thread = new Thread(Loop) { IsBackground = true, Name = "Run leases", Priority = ThreadPriority.AboveNormal };
        _thread.Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _isStopping = true;
        Wake();
        return Task.CompletedTask;
    }

    private void Loop()
    {
        NpgsqlConnection? connection = null;
        while (!_isStopping)
        {
            try
            {
                connection ??= database.OpenConnection();
                Keep(connection);
                InTouch();
            }
            catch (Exception e)
            {
                LogFailed(log, e.Message);
                lock (_lock) _hasContact = false;
                connection?.Dispose();
                connection = null;
            }

            lock (_pause)
            {
                if (!_isStopping) Monitor.Wait(_pause, Interval);
            }
        }

        connection?.Dispose();
    }

    private void Keep(NpgsqlConnection connection)
    {
        // First: a run that is read is not to be taken for one that nobody reads.
        if (readers.Read is { Count: > 0 } read)
        {
            using var watch = Command(connection, Watch);
            watch.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. read.Select(id => id.Value)] });
            watch.ExecuteNonQuery();
        }

        var own = runs.Stored;
        var renewed = new HashSet<Guid>();
        using (var renew = Command(connection, Renew))
        {
            renew.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. own.Select(run => run.Id.Value)] });
            renew.Parameters.Add(new NpgsqlParameter<int[]> { TypedValue = [.. own.Select(run => run.Epoch)] });
            using var reader = renew.ExecuteReader();
            while (reader.Read())
            {
                renewed.Add(reader.GetGuid(0));
                // After an absence of ours the readers elsewhere may only be coming back as well.
                if (!reader.IsDBNull(1) && reader.GetBoolean(1) && MayTakeOver) runs.Abandon(new ResponseId(reader.GetGuid(0)));
            }
        }

        foreach (var (id, epoch) in own.Where(run => !renewed.Contains(run.Id.Value))) runs.Lose(id, epoch);
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql) => new(sql, connection) { CommandTimeout = TimeoutSeconds };

    private void InTouch()
    {
        lock (_lock)
        {
            var now = clock.GetTimestamp();
            // A silence this long is an absence too, whatever kept us.
            if (!_hasContact || clock.GetElapsedTime(_contactAt, now) > Length - Interval) _contactSince = now;
            (_hasContact, _contactAt) = (true, now);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Leases could not be renewed: {Reason}")]
    private static partial void LogFailed(ILogger log, string reason);
}
