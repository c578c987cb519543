using System.Globalization;
using Xunit.Abstractions;

namespace AiPlatform.Integration.Tests.Crash;

/// <summary>Connections that drop, and readers that go on anywhere, while an answer is generated and after it.</summary>
[Collection(Trials.Name)]
public sealed class ReconnectTests(ServerPair servers, ITestOutputHelper output) : ProcessTest(servers, output)
{
    [Fact]
    public async Task A_reader_who_drops_out_at_any_event_goes_on_at_the_other_server_as_if_nothing_had_happened()
    {
        var questions = Enumerable.Range(0, Trials.Count(5, 25)).Select(_ => Question.Of(tokens: 100, delay: 20)).ToList();
        await Task.WhenAll(questions.Select(async (question, i) =>
        {
            // About eight times an answer. Every third asks over a WebSocket, and some go on as browsers do.
            var (reader, ends) = Ask(question, i % 2, () => new ResumingReader(Servers.From(i % 2))
            {
                BeginsBySocket = i % 3 == 0,
                UsesHeader = i % 4 < 2,
                HangsUpAfter = e => !ResumingReader.IsEnd(e) && Random.Shared.Next(12) == 0,
            });
            await ends;
            await ShouldBeWholeAsync(reader, question);
            CallsFor(question).ShouldBe(1);
            InterruptionsOf(reader).ShouldBe(0);
            Output.WriteLine($"{reader.Connections} connections for {reader.Events.Count} events.");
        }));
    }

    [Fact]
    public async Task The_stream_of_an_answer_can_be_read_again_from_any_event_while_it_comes_and_when_it_is_there()
    {
        var question = Question.Of(tokens: 120, delay: 20);
        var (reader, ends) = Ask(question, first: 0);
        await reader.WaitForAsync(5, Ct);
        var cursors = Enumerable.Range(0, Trials.Count(10, 50)).Select(_ => Random.Shared.Next(100)).ToList();
        var early = cursors.Where(cursor => cursor < 5).Append(3).Select((cursor, i) => ReplayFromAsync(reader.Id!, cursor, i)).ToList();
        await ends;
        Proof.IsWhole(reader, question.Answer);
        var late = cursors.Select((cursor, i) => ReplayFromAsync(reader.Id!, cursor, i)).ToList();
        foreach (var (cursor, events) in await Task.WhenAll(early.Concat(late))) events.ShouldBe(reader.Events.Skip(cursor + 1));
    }

    [Fact]
    public async Task An_event_that_is_not_there_yet_is_refused()
    {
        var question = Question.Of(tokens: 5, delay: 0);
        var (reader, ends) = Ask(question, first: 0);
        await ends;
        var last = reader.Events.Count - 1;
        var beyond = await Servers[1].Api.GetAsync($"v1/responses/{reader.Id}?stream=true&starting_after={last + 1}", Ct);
        (beyond.Status, beyond.Param).ShouldBe((400, "starting_after"));
        (await Proof.ReplayAsync(Servers[1].Api, reader.Id!, $"&starting_after={last}", Ct)).ShouldBeEmpty();
    }

    private async Task<(int Cursor, List<SseBlock> Events)> ReplayFromAsync(string id, int cursor, int place) =>
        (cursor, await Proof.ReplayAsync(Servers[place % ServerPair.Places].Api, id, string.Create(CultureInfo.InvariantCulture, $"&starting_after={cursor}"), Ct));
}
