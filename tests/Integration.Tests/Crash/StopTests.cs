using System.Collections.Concurrent;
using Xunit.Abstractions;

namespace AiPlatform.Integration.Tests.Crash;

/// <summary>Servers that are told to stop, one by one as an update does it, while they have work.</summary>
[Collection(StopTrials.Name)]
public sealed class StopTests(ServerPair servers, ITestOutputHelper output) : ProcessTest(servers, output)
{
    [Fact]
    public async Task A_server_that_is_told_to_stop_takes_nothing_new_finishes_what_is_nearly_done_and_leaves_the_rest_to_the_other()
    {
        var (brief, lengthy) = (Several(() => Question.Of(tokens: 60, delay: 40)), Several(() => Question.Of(tokens: 400, delay: 40)));
        var (asked, questions) = (brief.Concat(lengthy).Select(question => Ask(question, first: 0)).ToList(), brief.Concat(lengthy).ToList());
        await Task.WhenAll(asked.Select(one => one.Reader.WaitForAsync(10, Ct)));
        (await Servers[0].Api.GetAsync("health/ready", Ct)).Status.ShouldBe(200);
        var (done, ended) = Ask(Question.Of(tokens: 5, delay: 0), first: 0);
        await ended;

        await Servers[0].TerminateAsync(Ct);
        await WaitUntilAsync(async () => (await Servers[0].Api.GetAsync("health/ready", Ct)).Status == 503);
        (await Servers[0].Api.GetAsync("health/live", Ct)).Status.ShouldBe(200);
        var refused = await Servers[0].Api.PostAsync("v1/responses", new { model = Model, input = "Hi" }, Ct);
        (refused.Status, refused.Code).ShouldBe((503, "shutting_down"));
        refused.Header("Retry-After").ShouldBe("1");
        // What it has can still be read.
        (await Proof.ReplayAsync(Servers[0].Api, done.Id!, "", Ct)).ShouldBe(done.Events);
        (await Servers[0].WaitForExitAsync(Ct)).ShouldBe(0, Servers[0].Output);
        await Task.WhenAll(asked.Select(one => one.Ends));

        for (var i = 0; i < asked.Count; i++)
        {
            var reader = asked[i].Reader;
            await ShouldBeWholeAsync(reader, questions[i]);
            var isBrief = i < brief.Count;
            CallsFor(questions[i]).ShouldBe(isBrief ? 1 : 2);
            if (isBrief) reader.Connections.ShouldBe(1);
            else reader.Connections.ShouldBeGreaterThan(1);
        }
    }

    [Fact]
    public async Task An_update_of_one_server_after_the_other_loses_nothing_of_what_clients_ask_meanwhile()
    {
        using var updated = new CancellationTokenSource();
        var answered = new ConcurrentBag<ResumingReader>();
        var clients = Enumerable.Range(0, 20).Select(async client =>
        {
            while (!updated.IsCancellationRequested)
            {
                var question = Question.Of(tokens: Random.Shared.Next(20, 200), delay: 40);
                var (reader, ends) = Ask(question, client % 2);
                await ends;
                Proof.IsWhole(reader, question.Answer);
                answered.Add(reader);
            }
        }).ToList();
        foreach (var place in new[] { 0, 1 })
        {
            await Servers[place].TerminateAsync(Ct);
            (await Servers[place].WaitForExitAsync(Ct)).ShouldBe(0, Servers[place].Output);
            await Servers.StartAsync(place, Ct);
        }

        await updated.CancelAsync();
        await Task.WhenAll(clients);
        foreach (var reader in answered) await Proof.IsKeptAsync(reader, Servers[0].Api, Ct);
        Output.WriteLine($"{answered.Count} answers while two servers were restarted.");
    }

    [Fact]
    public async Task A_server_alone_that_is_stopped_in_mid_answer_finishes_it_when_it_is_started_again()
    {
        await Servers[1].KillAsync(Ct);
        var question = Question.Of(tokens: 300, delay: 40);
        var (reader, ends) = Ask(question, first: 0, () => new ResumingReader(_ => Servers[0].Api));
        await reader.WaitForAsync(10, Ct);
        await Servers[0].TerminateAsync(Ct);
        (await Servers[0].WaitForExitAsync(Ct)).ShouldBe(0, Servers[0].Output);
        await Servers.StartAsync(0, Ct);
        await ends;
        await ShouldBeWholeAsync(reader, question);
        CallsFor(question).ShouldBe(2);
    }

    private static List<Question> Several(Func<Question> question) => [.. Enumerable.Range(0, Trials.Count(2, 10)).Select(_ => question())];
}
