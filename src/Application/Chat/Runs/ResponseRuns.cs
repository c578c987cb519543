using System.Collections.Concurrent;
using AiPlatform.Domain.Chat;
using AiPlatform.Domain.Common;

namespace AiPlatform.Application.Chat.Runs;

/// <summary>The runs of this process. A run outlives the request that started it.</summary>
public sealed class ResponseRuns(ResponseRunner runner, ChatOptions options)
{
    private readonly ConcurrentDictionary<ResponseId, ResponseRun> _runs = [];

    /// <summary>The stored runs in progress, whose leases this process renews.</summary>
    public IReadOnlyList<ResponseId> Stored => [.. _runs.Values.Where(run => run.Response.IsStored).Select(run => run.Response.Id)];

    /// <summary>Refuses new work where this process has enough, before anything is stored for it.</summary>
    internal void RequireRoom()
    {
        if (_runs.Count >= options.MaxConcurrentRuns)
            throw new Unavailable("too_many_runs", "This server is running as many responses as it can. Try again shortly.", TimeSpan.FromSeconds(1));
    }

    internal void Start(ResponseRun run)
    {
        _runs[run.Response.Id] = run;
        run.Completion = Task.Run(() => RunAsync(run), CancellationToken.None);
    }

    internal ResponseRun? Find(ResponseId id) => _runs.GetValueOrDefault(id);

    /// <summary>Ends a run that another process owns by now.</summary>
    public void Lose(ResponseId id) => Find(id)?.Stop(StopReason.Lost);

    /// <summary>Lets runs end by themselves for a while, then stops those that are left.</summary>
    public async Task DrainAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        var all = Task.WhenAll(_runs.Values.Select(run => run.Completion));
        try
        {
            await all.WaitAsync(patience, cancellationToken);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            foreach (var run in _runs.Values) run.Stop(StopReason.ShuttingDown);
            await Task.WhenAll(_runs.Values.Select(run => run.Completion));
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
            _runs.TryRemove(run.Response.Id, out _);
            run.Tail.Complete();
            run.Dispose();
        }
    }
}
