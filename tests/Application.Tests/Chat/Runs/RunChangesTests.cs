using AiPlatform.Application.Chat.Runs;
using AiPlatform.Domain.Chat;
using AiPlatform.Domain.Common;

namespace AiPlatform.Application.Tests.Chat.Runs;

public sealed class RunChangesTests : IDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(10);

    private readonly CancellationTokenSource _patience = new(TimeSpan.FromSeconds(60));
    private readonly RunChanges _changes = new();
    private readonly ResponseId _response = Ids.New<ResponseId>(SomeRun.Now);

    public void Dispose() => _patience.Dispose();

    [Fact]
    public async Task All_who_listen_are_woken()
    {
        using var one = _changes.Listen(_response);
        using var other = _changes.Listen(_response);
        var (first, second) = (one.NextAsync(Long, _patience.Token), other.NextAsync(Long, _patience.Token));
        _changes.Happened(_response);

        await Task.WhenAll(first, second);
    }

    [Fact]
    public async Task What_happens_between_two_waits_is_remembered_as_one()
    {
        using var listener = _changes.Listen(_response);
        _changes.Happened(_response);
        _changes.Happened(_response);

        await listener.NextAsync(Long, _patience.Token);
        listener.NextAsync(Long, _patience.Token).IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public void What_happens_to_other_responses_wakes_nobody()
    {
        using var listener = _changes.Listen(_response);
        _changes.Happened(Ids.New<ResponseId>(SomeRun.Now));

        listener.NextAsync(Long, _patience.Token).IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task A_wait_ends_by_itself_since_a_signal_may_be_lost()
    {
        using var listener = _changes.Listen(_response);
        await listener.NextAsync(TimeSpan.FromMilliseconds(1), _patience.Token);
    }

    [Fact]
    public void Who_has_left_is_not_called_any_more()
    {
        var listener = _changes.Listen(_response);
        using var other = _changes.Listen(_response);
        listener.Dispose();

        Should.NotThrow(() => _changes.Happened(_response));
        other.NextAsync(Long, _patience.Token).IsCompleted.ShouldBeTrue();
    }

    [Fact]
    public async Task Many_may_come_and_go_while_things_happen()
    {
        using var stop = new CancellationTokenSource();
        var happening = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested) _changes.Happened(_response);
        });
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < 20; i++)
            {
                using var listener = _changes.Listen(_response);
                await listener.NextAsync(Long, _patience.Token);
            }
        })));
        await stop.CancelAsync();
        await happening;
    }
}
