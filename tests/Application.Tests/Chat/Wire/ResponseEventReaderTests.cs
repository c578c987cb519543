using System.Text;
using System.Text.Json;
using AiPlatform.Application.Chat.Runs;
using AiPlatform.Application.Chat.Wire;
using AiPlatform.Application.Common;
using AiPlatform.Application.Tests.Chat.Runs;
using AiPlatform.Domain.Chat;
using AiPlatform.Domain.Common;
using AiPlatform.Domain.Usage;

namespace AiPlatform.Application.Tests.Chat.Wire;

public sealed class ResponseEventReaderTests
{
    public static TheoryData<string> Kinds { get; } = [.. Scripts.Keys];

    private static Dictionary<string, Func<ResponseEvent[]>> Scripts => new()
    {
        ["nothing yet"] = () => [new ResponseEvent.Created(), new ResponseEvent.InProgress()],
        ["queued"] = () => [new ResponseEvent.Created(), new ResponseEvent.Queued()],
        ["an empty message"] = () => [Message(0)],
        ["an empty part"] = () => [Message(0), new ResponseEvent.PartAdded(0, 0, PartKind.Text)],
        ["half a text"] = () => [.. Part(0, 0, PartKind.Text, "Hel", "lo\n\0", "📚 हिन्दी")],
        ["a whole text"] = () => [.. Part(0, 0, PartKind.Text, "Hello"), .. Done(0, 0)],
        ["a whole message"] = () => [.. Part(0, 0, PartKind.Text, "Hello"), .. Done(0, 0), new ResponseEvent.ItemDone(0, ItemStatus.Completed)],
        ["a message that was cut"] = () => [.. Part(0, 0, PartKind.Text, "Hel"), .. Done(0, 0), new ResponseEvent.ItemDone(0, ItemStatus.Incomplete)],
        ["log probabilities"] = () =>
        [
            Message(0), new ResponseEvent.PartAdded(0, 0, PartKind.Text),
            new ResponseEvent.Delta(0, 0, "a", JsonElement.Parse("""[{"token":"a","logprob":-1.5,"bytes":[97],"top_logprobs":[{"token":"b","logprob":-2}]}]""")),
            new ResponseEvent.Delta(0, 0, "b"), .. Done(0, 0),
        ],
        ["a refusal after text"] = () => [.. Part(0, 0, PartKind.Text, "Well"), .. Done(0, 0), new ResponseEvent.PartAdded(0, 1, PartKind.Refusal), new ResponseEvent.Delta(0, 1, "No")],
        ["a whole refusal"] = () => [.. Part(0, 0, PartKind.Refusal, "No"), .. Done(0, 0)],
        ["half a thought"] = () => [Thought(0), new ResponseEvent.PartAdded(0, 0, PartKind.Reasoning), new ResponseEvent.Delta(0, 0, "Hm")],
        ["a search that has begun"] = () => [Search(0), new ResponseEvent.SearchBegun(0), new ResponseEvent.Searching(0)],
        ["a search that is answered"] = () => [Search(0), new ResponseEvent.SearchBegun(0), new ResponseEvent.Searching(0), new ResponseEvent.SearchAnswered(0)],
        ["a search that failed"] = () => [Search(0), new ResponseEvent.SearchBegun(0), new ResponseEvent.Searching(0), new ResponseEvent.ItemDone(0, ItemStatus.Failed)],
        ["a search with what it found, and a cited text"] = () =>
        [
            Search(0), new ResponseEvent.SearchBegun(0), new ResponseEvent.Searching(0), new ResponseEvent.SearchAnswered(0),
            new ResponseEvent.ItemDone(0, ItemStatus.Completed, """[{"file_id":"file-1","text":"a \"b\""}]"""),
            .. Part(1, 0, PartKind.Text, "Hello"), new ResponseEvent.Cited(1, 0, Citation(5)), new ResponseEvent.Delta(1, 0, " you"), new ResponseEvent.Cited(1, 0, Citation(9)),
        ],
        ["a thought that was cut, and the next"] = () =>
        [
            Thought(0), new ResponseEvent.PartAdded(0, 0, PartKind.Reasoning), new ResponseEvent.Delta(0, 0, "Hm"), .. Done(0, 0), new ResponseEvent.ItemDone(0, ItemStatus.Incomplete),
            Thought(1), new ResponseEvent.PartAdded(1, 0, PartKind.Reasoning), new ResponseEvent.Delta(1, 0, "Aha"), .. Done(1, 0), new ResponseEvent.ItemDone(1, ItemStatus.Completed),
            .. Part(2, 0, PartKind.Text, "Yes"),
        ],
    };

    private static ResponseEvent.ItemAdded Search(int output) => new(output, new FileSearchItem(ItemId.New(SomeRun.Now), ["one \"two\"", "हिन्दी"]));

    private static FileCitation Citation(int index) => new()
    {
        FileId = "file-1", Filename = "a \"b\".txt", Index = index, FileIndex = 2, VectorStoreId = "vs_1", Quote = "“quote”", Start = 3, End = 10, Page = 4,
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_response_rebuilt_from_its_events_is_the_one_that_wrote_them(string kind)
    {
        var written = SomeRun.Response();
        var events = written.Write(0, Scripts[kind]());
        var rebuilt = SomeRun.Response();
        rebuilt.Fold(events, SomeRun.Now);

        Text(rebuilt).ShouldBe(Text(written, rebuilt));
        // Also what the next events say: they take their texts from the state.
        var open = new ResponseComposer(written, TimeProvider.System).Close(ItemStatus.Incomplete).Append(new ResponseEvent.Completed(new TokenUsage(3, 4))).ToList();
        Texts(rebuilt.Write(events.Count, open)).ShouldBe(Texts(written.Write(events.Count, open), written, rebuilt));
        Text(rebuilt).ShouldBe(Text(written, rebuilt));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_is_read_can_be_written_again_byte_for_byte(string kind)
    {
        var written = SomeRun.Response();
        var events = written.Write(0, Scripts[kind]());

        var again = SomeRun.Response();
        Texts(again.Write(0, events.Select(ResponseEventReader.Read))).ShouldBe(Texts(events, written, again));
    }

    [Fact]
    public void Events_that_only_come_with_the_end_are_in_no_log_of_a_running_response()
    {
        var response = SomeRun.Response();
        foreach (var last in response.Write(0, new ResponseEvent.ItemAdded(0, new FunctionCallItem(ItemId.New(SomeRun.Now), "c", "f", "{}")), new ResponseEvent.ArgumentsDone(0), new ResponseEvent.Cancelled()).Skip(1))
            Should.Throw<InvalidDataException>(() => ResponseEventReader.Read(last));
    }

    private static ResponseEvent.ItemAdded Message(int output) => new(output, new MessageItem(ItemId.New(SomeRun.Now)));

    private static ResponseEvent.ItemAdded Thought(int output) => new(output, new ReasoningItem(ItemId.New(SomeRun.Now)));

    private static IEnumerable<ResponseEvent> Part(int output, int part, PartKind kind, params string[] deltas) =>
        [Message(output), new ResponseEvent.PartAdded(output, part, kind), .. deltas.Select(text => new ResponseEvent.Delta(output, part, text))];

    private static IEnumerable<ResponseEvent> Done(int output, int part) => [new ResponseEvent.TextDone(output, part), new ResponseEvent.PartDone(output, part)];

    // With the id of the other, which is all that they may differ in.
    private static string Text(Response response, Response? other = null) =>
        Named(Encoding.UTF8.GetString(ResponseJson.ToJson(response, response.Output.Select(ItemJson.ToJson)).Span), response, other);

    private static List<string> Texts(IEnumerable<WireEvent> events, Response? response = null, Response? other = null) =>
        [.. events.Select(@event => Named(Encoding.UTF8.GetString(@event.Json.Span), response, other))];

    private static string Named(string json, Response? response, Response? other) =>
        response is null || other is null ? json : json.Replace(response.Id.ToWire(), other.Id.ToWire(), StringComparison.Ordinal);
}
