using System.Collections.Concurrent;
using AiPlatform.Domain.Chat;
using AiPlatform.Domain.Common;

namespace AiPlatform.Application.Chat.Runs;

/// <summary>The runs of this process. A run outlives the request that started it.</summary>
public sealed class ResponseRuns(ResponseRunner runner, ChatOptions options) : IDisposable
{
    // Ending takes the database; one that is away must not hold a shutdown up.
    private static readonly TimeSpan TimeToEnd = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<ResponseId, ResponseRun> _runs = [];
    private readonly ConcurrentDictionary<ResponseId, int> _resuming = [];
    private readonly CancellationTokenSource _draining = new();

    /// <summary>The stored runs whose leases this process renews: those in progress, and those it has claimed and is about to go on with.</summary>
    public IReadOnlyList<(ResponseId Id, int Epoch)> Stored =>
        [.. _runs.Values.Where(run => run.Response.IsStored).Select(run => (run.Response.Id, run.Epoch)), .. _resuming.Select(claim => (claim.Key, claim.Value))];

    /// <summary>How many more runs this process would take.</summary>
    public int Room => _draining.IsCancellationRequested ? 0 : Math.Max(0, options.MaxConcurrentRuns - _runs.Count - _resuming.Count);

    /// <summary>Cancelled when this process takes no more runs and gives those it has away.</summary>
    public CancellationToken Draining => _draining.Token;

    public void Dispose() => _draining.Dispose();

    internal static Unavailable ShuttingDown() =>
        new("shutting_down", "This server is shutting down. Send the request again: another one, or the same in a moment, takes it.", TimeSpan.FromSeconds(1));

    /// <summary>Refuses new work where this process has enough, before anything is stored for it.</summary>
    internal void RequireRoom()
    {
        if (_draining.IsCancellationRequested) throw ShuttingDown();
        if (Room == 0) throw new Unavailable("too_many_runs", "This server is running as many responses as it can. Try again shortly.", TimeSpan.FromSeconds(1));
    }

    internal void Start(ResponseRun run)
    {
        _runs[run.Response.Id] = run;
        run.Completion = Task.Run(() => RunAsync(run), CancellationToken.None);
        // It came while this process began to shut down: whoever goes on with it does so at once.
        if (_draining.IsCancellationRequested) run.Stop(StopReason.ShuttingDown);
    }

    /// <summary>Keeps a claimed run alive until it is started, or given up.</summary>
    internal IDisposable Resuming(ClaimedRun claim)
    {
        _resuming[claim.Response] = claim.Epoch;
        return new Resumption(this, claim);
    }

    public bool Has(ResponseId id) => _runs.ContainsKey(id);

    internal ResponseRun? Find(ResponseId id) => _runs.GetValueOrDefault(id);

    /// <summary>Ends a run that another process owns by now.</summary>
    public void Lose(ResponseId id, int epoch)
    {
        if (Find(id) is { } run && run.Epoch == epoch) run.Stop(StopReason.Lost);
    }

    /// <summary>Cancels a run that nobody reads any more.</summary>
    public void Abandon(ResponseId id) => Find(id)?.Stop(StopReason.Cancelled);

    /// <summary>Takes no new runs, lets those there are end by themselves for a while, and gives those that are left away.</summary>
    public async Task DrainAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        await _draining.CancelAsync();
        await EndWithinAsync(patience, cancellationToken);
        foreach (var run in _runs.Values) run.Stop(StopReason.ShuttingDown);
        await EndWithinAsync(TimeToEnd, cancellationToken);
    }

    private async Task EndWithinAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        try
        {
            await Task.WhenAll(_runs.Values.Select(run => run.Completion)).WaitAsync(patience, cancellationToken);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            // What is left is stopped, or left to its lease.
        }
    }

    private async Task RunAsync(ResponseRun run)
    {
        try
        {
            await runner.RunAsync(run);
        }
        finally
        {
            // Readers look here first: what is over must not be found.
            _runs.TryRemove(KeyValuePair.Create(run.Response.Id, run));
            run.Tail.Complete();
            run.Dispose();
        }
    }

    private sealed class Resumption(ResponseRuns runs, ClaimedRun claim) : IDisposable
    {
        public void Dispose() => runs._resuming.TryRemove(KeyValuePair.Create(claim.Response, claim.Epoch));
    }
}
