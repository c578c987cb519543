using System.Collections.Concurrent;
using AiPlatform.Application.Chat.Runs;
using AiPlatform.Application.Chat.Wire;
using AiPlatform.Domain.Chat;
using AiPlatform.Domain.Identity;

namespace AiPlatform.Application.Tests.Chat.Runs;

/// <summary>A log in memory, with the fence of the real one; a test decides what becomes of each append.</summary>
internal sealed class FakeRunLog : IRunLog
{
    private readonly ConcurrentDictionary<ResponseId, (int Epoch, long Last)> _runs = [];

    /// <summary>The appends in the order they came, written or not: for each the runs, and the numbers of their events.</summary>
    public ConcurrentQueue<List<(ResponseId Run, long First, long Last)>> Groups { get; } = [];

    /// <summary>Before a group is written: may wait, or throw, and then nothing is written.</summary>
    public Func<IReadOnlyList<RunAppend>, Task> Before { get; set; } = _ => Task.CompletedTask;

    /// <summary>After a group is written: may throw, and then nobody learns that it is.</summary>
    public Func<Task> After { get; set; } = () => Task.CompletedTask;

    public Func<Task> BeforePositions { get; set; } = () => Task.CompletedTask;

    /// <summary>What is written, one JSON object an event.</summary>
    public ConcurrentDictionary<ResponseId, List<string>> Written { get; } = [];

    public void Add(ResponseRun run) => _runs[run.Response.Id] = (run.Epoch, -1);

    /// <summary>Somebody else has it now.</summary>
    public void Take(ResponseRun run) => _runs[run.Response.Id] = (run.Epoch + 1, _runs[run.Response.Id].Last);

    public async Task<IReadOnlySet<ResponseId>> AppendAsync(IReadOnlyList<RunAppend> group, CancellationToken cancellationToken)
    {
        Groups.Enqueue([.. group.Select(run => (run.Response, run.First, run.Last))]);
        await Before(group);
        var written = new HashSet<ResponseId>();
        foreach (var run in group.Where(run => _runs[run.Response] == (run.Epoch, run.First - 1)))
        {
            _runs[run.Response] = (run.Epoch, run.Last);
            Written.GetOrAdd(run.Response, _ => []).AddRange(EventLines.Split(new LogSegment(run.Payload, IsCompressed: false)).Select(SomeRun.TextOf));
            written.Add(run.Response);
        }

        await After();
        return written;
    }

    public async Task<IReadOnlyDictionary<ResponseId, long>> PositionsAsync(IReadOnlyList<RunAppend> group, CancellationToken cancellationToken)
    {
        await BeforePositions();
        return group.Where(run => _runs[run.Response].Epoch == run.Epoch).ToDictionary(run => run.Response, run => _runs[run.Response].Last);
    }

    public Task<LogPage?> ReadAsync(WorkspaceId workspace, ResponseId response, long after, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<ClaimedRun>> ClaimAsync(int most, IReadOnlyCollection<ResponseId> own, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<ClaimedRun?> SeizeAsync(WorkspaceId workspace, ResponseId response, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task ReleaseAsync(ResponseId response, int epoch, CancellationToken cancellationToken) => throw new NotSupportedException();
}
