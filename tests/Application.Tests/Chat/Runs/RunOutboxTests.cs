using AiPlatform.Application.Chat.Runs;
using AiPlatform.Application.Common;

namespace AiPlatform.Application.Tests.Chat.Runs;

public sealed class RunOutboxTests : IDisposable
{
    private readonly CancellationTokenSource _patience = new(TimeSpan.FromSeconds(60));
    private readonly RunOutbox _outbox = new();

    public void Dispose() => _patience.Dispose();

    [Fact]
    public void The_writer_is_told_when_there_is_something_new_and_only_once()
    {
        Add(0).ShouldBeTrue();
        Add(1).ShouldBeFalse();
        Taken().ShouldBe([0, 1]);
        Add(2).ShouldBeTrue();
    }

    [Fact]
    public void While_something_is_being_written_nothing_more_can_be_taken()
    {
        Add(0);
        Taken().ShouldBe([0]);
        Add(1);
        Taken().ShouldBeEmpty("its own commit would overtake");
        _outbox.Written();
        Taken().ShouldBe([1]);
    }

    [Fact]
    public void What_comes_meanwhile_is_not_forgotten_when_the_writer_is_back()
    {
        Add(0);
        Taken();
        Add(1).ShouldBeTrue();
        Taken().ShouldBeEmpty();
        Add(2).ShouldBeFalse();
        _outbox.Written();
        Taken().ShouldBe([1, 2]);
    }

    [Fact]
    public async Task There_is_room_until_it_is_full_and_again_when_it_has_been_emptied()
    {
        Add(0, bytes: 1024 * 1024);
        await _outbox.WaitForRoomAsync(_patience.Token);
        Add(1, bytes: 1);
        var waits = _outbox.WaitForRoomAsync(_patience.Token).AsTask();
        waits.IsCompleted.ShouldBeFalse();

        Taken().ShouldBe([0, 1]);
        _outbox.Written();
        await waits;
    }

    [Fact]
    public async Task Who_waits_for_room_can_be_called_off()
    {
        Add(0, bytes: 1024 * 1024 + 1);
        using var stop = new CancellationTokenSource();
        var waits = _outbox.WaitForRoomAsync(stop.Token).AsTask();
        await stop.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(waits);
    }

    [Fact]
    public async Task Closing_returns_what_was_not_written_and_gives_the_writer_nothing_more()
    {
        Add(0);
        Add(1);
        Numbers(await _outbox.CloseAsync()).ShouldBe([0, 1]);
        Taken().ShouldBeEmpty();
    }

    [Fact]
    public async Task Closing_waits_for_what_is_being_written()
    {
        Add(0);
        Taken();
        Add(1);
        var closing = _outbox.CloseAsync();
        closing.IsCompleted.ShouldBeFalse();
        Taken().ShouldBeEmpty();

        _outbox.Written();
        Numbers(await closing.WaitAsync(_patience.Token)).ShouldBe([1]);
    }

    private bool Add(long number, int bytes = 10) => _outbox.Add(new WireEvent("e", new byte[bytes], number));

    private List<long> Taken() => Numbers(_outbox.Take());

    private static List<long> Numbers(IEnumerable<WireEvent> events) => [.. events.Select(@event => @event.Sequence!.Value)];
}
