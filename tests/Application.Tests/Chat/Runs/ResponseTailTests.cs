using System.Text;
using AiPlatform.Application.Chat.Runs;
using AiPlatform.Application.Common;

namespace AiPlatform.Application.Tests.Chat.Runs;

public sealed class ResponseTailTests : IDisposable
{
    private readonly CancellationTokenSource _patience = new(TimeSpan.FromSeconds(60));
    private readonly ResponseTail _tail = new();

    public void Dispose() => _patience.Dispose();

    [Fact]
    public async Task A_reader_gets_what_was_said_before_it_came_and_what_comes_after()
    {
        Say("a");
        await using var reader = _tail.ReadAsync(-1, _patience.Token).GetAsyncEnumerator();
        (await NextAsync(reader)).ShouldBe("a");

        var next = NextAsync(reader);
        next.IsCompleted.ShouldBeFalse();
        Say("b");
        (await next).ShouldBe("b");

        _tail.Complete();
        (await NextAsync(reader)).ShouldBeNull();
    }

    [Fact]
    public async Task A_reader_who_comes_when_all_is_over_gets_all()
    {
        Say("a");
        Say("b");
        _tail.Complete();
        (await ReadAllAsync()).ShouldBe(["a", "b"]);
    }

    [Fact]
    public async Task An_end_without_a_word_ends_the_reader()
    {
        var reader = ReadAllAsync();
        _tail.Complete();
        (await reader).ShouldBeEmpty();
    }

    [Fact]
    public async Task Many_readers_all_get_everything_in_order_while_it_is_written()
    {
        const int events = 2000;
        var readers = Enumerable.Range(0, 20).Select(i => Task.Run(async () =>
        {
            var seen = new List<string>();
            await foreach (var @event in _tail.ReadAsync(-1, _patience.Token))
            {
                seen.Add(TextOf(@event));
                // Each at a pace of its own.
                if (i > 0 && seen.Count % i == 0) await Task.Yield();
            }

            return seen;
        })).ToList();
        for (var i = 0; i < events; i++)
        {
            Say($"{i}");
            if (i % 100 == 0) await Task.Yield();
        }

        _tail.Complete();
        var expected = Enumerable.Range(0, events).Select(i => $"{i}").ToList();
        foreach (var seen in await Task.WhenAll(readers).WaitAsync(_patience.Token)) seen.ShouldBe(expected);
    }

    [Fact]
    public async Task A_slow_reader_holds_up_neither_the_writer_nor_the_others()
    {
        await using var slow = _tail.ReadAsync(-1, _patience.Token).GetAsyncEnumerator();
        Say("0");
        (await NextAsync(slow)).ShouldBe("0");

        for (var i = 1; i < 1000; i++) Say($"{i}");
        _tail.Complete();

        (await ReadAllAsync()).Count.ShouldBe(1000);
        (await NextAsync(slow)).ShouldBe("1");
    }

    [Fact]
    public async Task A_reader_who_leaves_is_let_go_and_the_others_stay()
    {
        using var leaves = new CancellationTokenSource();
        await using var reader = _tail.ReadAsync(-1, leaves.Token).GetAsyncEnumerator();
        var other = ReadAllAsync();
        var next = NextAsync(reader);

        await leaves.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(next);

        Say("a");
        _tail.Complete();
        (await other).ShouldBe(["a"]);
    }

    private void Say(string text) => _tail.Append([new WireEvent("e", Encoding.UTF8.GetBytes(text))]);

    private async Task<List<string>> ReadAllAsync()
    {
        var seen = new List<string>();
        await foreach (var @event in _tail.ReadAsync(-1, _patience.Token)) seen.Add(TextOf(@event));
        return seen;
    }

    private static async Task<string?> NextAsync(IAsyncEnumerator<WireEvent> reader) => await reader.MoveNextAsync() ? TextOf(reader.Current) : null;

    private static string TextOf(WireEvent @event) => Encoding.UTF8.GetString(@event.Json.Span);
}
