using System.Text;
using AiPlatform.Application.Chat.Wire;
using AiPlatform.Application.Common;
using AiPlatform.Application.Tests.Chat.Runs;
using AiPlatform.Domain.Chat;

namespace AiPlatform.Application.Tests.Chat.Wire;

public sealed class EventLinesTests
{
    public static TheoryData<string> Texts { get; } =
    [
        "plain", "two\nlines\r\nand more\n\n", "a NUL \0 in the middle", "पुस्तकालय 图书馆 📚 e\u0301", "quotes \" and \\ and \"sequence_number\":7", "\u2028\u2029\u0085\u001b", "",
    ];

    [Theory]
    [MemberData(nameof(Texts))]
    public void What_was_joined_is_split_into_the_same_bytes(string text)
    {
        var events = Some(text);

        Bytes(EventLines.Split(new LogSegment(EventLines.Join(events), IsCompressed: false))).ShouldBe(Bytes(events));
        Bytes(EventLines.Split(new LogSegment(EventLines.Compress(events), IsCompressed: true))).ShouldBe(Bytes(events));
    }

    [Fact]
    public void Segments_can_be_joined_one_after_the_other()
    {
        var events = Some("a");
        byte[] lines = [.. EventLines.Join(events[..2]), .. EventLines.Join(events[2..])];

        Bytes(EventLines.Split(new LogSegment(lines, IsCompressed: false))).ShouldBe(Bytes(events));
        EventLines.Compress(EventLines.Split(new LogSegment(lines, IsCompressed: false))).ShouldBe(EventLines.Compress(events), "a repeated write must compare equal");
    }

    [Fact]
    public void No_events_are_no_lines()
    {
        EventLines.Split(new LogSegment(EventLines.Join([]), IsCompressed: false)).ShouldBeEmpty();
        EventLines.Split(new LogSegment(EventLines.Compress([]), IsCompressed: true)).ShouldBeEmpty();
    }

    [Fact]
    public void A_long_log_is_much_smaller_compressed()
    {
        var response = SomeRun.Response();
        response.Says("");
        var events = response.Write(2, Enumerable.Range(0, 5000).Select(n => new ResponseEvent.Delta(0, 0, $" word{n}")));
        var compressed = EventLines.Compress(events);

        compressed.Length.ShouldBeLessThan(EventLines.Join(events).Length / 4);
        Bytes(EventLines.Split(new LogSegment(compressed, IsCompressed: true))).ShouldBe(Bytes(events));
    }

    [Fact]
    public void A_line_that_is_no_event_is_refused_rather_than_shown() =>
        Should.Throw<InvalidDataException>(() => EventLines.Split(new LogSegment("{\"typo\":\"response.created\",\"sequence_number\":0}\n"u8.ToArray(), IsCompressed: false)).ToList());

    private static List<WireEvent> Some(string text)
    {
        var response = SomeRun.Response();
        response.Describe($$"""{"instructions":{{System.Text.Json.JsonSerializer.Serialize(text)}}}""");
        return response.Write(
            0, new ResponseEvent.Created(), new ResponseEvent.InProgress(), new ResponseEvent.ItemAdded(0, new MessageItem(ItemId.New(SomeRun.Now))),
            new ResponseEvent.PartAdded(0, 0, PartKind.Text), new ResponseEvent.Delta(0, 0, text), new ResponseEvent.TextDone(0, 0), new ResponseEvent.PartDone(0, 0),
            new ResponseEvent.ItemDone(0, ItemStatus.Completed));
    }

    private static List<(string? Type, long? Sequence, string Json)> Bytes(IEnumerable<WireEvent> events) =>
        [.. events.Select(@event => (@event.Type, @event.Sequence, Encoding.UTF8.GetString(@event.Json.Span)))];
}
