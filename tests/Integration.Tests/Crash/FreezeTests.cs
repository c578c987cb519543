using Xunit.Abstractions;

namespace AiPlatform.Integration.Tests.Crash;

/// <summary>A server that stands still for longer than its leases last, and then goes on as if nothing had happened.</summary>
[Collection(Trials.Name)]
public sealed class FreezeTests(ServerPair servers, ITestOutputHelper output) : ProcessTest(servers, output)
{
    [Fact]
    public async Task A_frozen_server_that_wakes_up_writes_nothing_into_what_the_other_has_taken_over()
    {
        // Long enough that the frozen one's model is still at it when it wakes up.
        var questions = Enumerable.Range(0, Trials.Count(3, 10)).Select(_ => Question.Of(Trials.Count(400, 1500), delay: 40)).ToList();
        // Who takes over gets words that the frozen one's model does not know.
        const string Others = "0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30";
        foreach (var question in questions)
            Vendor.Enqueue(FakeScript.Say(Others, "delay=200") with { When = request => question.IsIn(request) && request.Body.GetProperty("messages").GetArrayLength() > 1 });
        var asked = questions.Select(question => Ask(question, first: 0)).ToList();
        await Task.WhenAll(asked.Select(one => one.Reader.WaitForAsync(20, Ct)));

        var frozen = Now;
        await Servers[0].FreezeAsync(Ct);
        await Task.Delay(TimeSpan.FromSeconds(1), Ct);
        var written = new List<long>();
        foreach (var (reader, _) in asked) written.Add(await OfRunAsync<long>(reader.Id!, "last_sequence"));
        foreach (var (reader, _) in asked) await WaitUntilAsync(async () => await OfRunAsync<int>(reader.Id!, "epoch") == 2);
        await Task.Delay(Trials.Seconds(4, 25), Ct);
        await Servers[0].ThawAsync(Ct);
        await Task.WhenAll(asked.Select(one => one.Ends));

        for (var i = 0; i < asked.Count; i++)
        {
            var reader = asked[i].Reader;
            var before = string.Concat(reader.Events.Take((int)written[i] + 1).Where(ResumingReader.IsText).Select(e => e.Json.GetProperty("delta").GetString()));
            questions[i].Answer.ShouldStartWith(before);
            Proof.IsWhole(reader, before + Others);
            for (var place = 0; place < ServerPair.Places; place++) await Proof.IsKeptAsync(reader, Servers[place].Api, Ct);
            // Its reader has not even noticed.
            reader.Connections.ShouldBe(1);
            InterruptionsOf(reader).ShouldBe(1);
            CallsFor(questions[i]).ShouldBe(2);
            // The model of the frozen one is not asked for the rest.
            await Vendor.WaitForAsync(request => questions[i].IsIn(request) && request.Outcome is RequestOutcome.ClientAborted, Ct);
        }

        Report("After a freeze, for those who read through the frozen server", asked.Select(one => one.Reader.SilenceAfter(frozen)));
    }
}
