using System.Text.Json;
using Xunit.Abstractions;

namespace AiPlatform.Integration.Tests.Crash;

/// <summary>Servers that are killed in the middle of what they do, at any moment: every answer is finished by the other.</summary>
[Collection(Trials.Name)]
public sealed class KillTests(ServerPair servers, ITestOutputHelper output) : ProcessTest(servers, output)
{
    private const int MostAtOnce = 5;
    private static readonly TimeSpan Spread = TimeSpan.FromSeconds(3);

    [Fact]
    public async Task Streams_of_a_killed_server_go_on_at_the_other_without_gap_or_repeat()
    {
        var silences = new List<TimeSpan?>();
        var victim = 0;
        for (var left = Trials.Count(5, 50); left > 0; left -= MostAtOnce, victim = 1 - victim)
        {
            await Servers.EnsureRunningAsync(Ct);
            silences.AddRange(await KillUnderAsync(Math.Min(left, MostAtOnce), victim));
        }

        Report("After a kill", silences);
    }

    [Fact]
    public async Task A_stream_survives_the_end_of_one_server_after_the_other()
    {
        // Each call of the model says this much and then nothing, until its server is dead; only the third says the rest.
        const int Words = 30;
        var questions = Enumerable.Range(0, Trials.Count(3, 15)).Select(_ => Question.Of(tokens: 150, delay: 40)).ToList();
        var gates = Enumerable.Range(0, 3).Select(_ => questions.Select(_ => new FakeGate()).ToList()).ToList();
        foreach (var gate in gates)
        {
            foreach (var (one, question) in gate.Zip(questions))
            {
                one.Release(Words);
                Vendor.Enqueue(FakeScript.Do(question.Keys) with { Gate = one, When = question.IsIn });
            }
        }

        gates[2].ForEach(gate => gate.Open());
        var asked = questions.Select(question => Ask(question, first: 0)).ToList();
        var silences = new List<TimeSpan?>();
        foreach (var place in new[] { 0, 1 })
        {
            // In the middle of its words: what a model repeats when it goes on makes fewer events than words.
            await Task.WhenAll(asked.Select(one => one.Reader.WaitForAsync((place + 1) * Words * 2 / 3, Ct)));
            await Servers.EnsureRunningAsync(Ct);
            var killed = Now;
            await Servers[place].KillAsync(Ct);
            await Task.WhenAll(asked.Select(one => one.Reader.WaitForAsync(one.Reader.Events.Count + 10, Ct)));
            silences.AddRange(asked.Select(one => one.Reader.SilenceAfter(killed)));
        }

        await Task.WhenAll(asked.Select(one => one.Ends));
        foreach (var ((reader, _), question) in asked.Zip(questions))
        {
            await ShouldBeWholeAsync(reader, question);
            InterruptionsOf(reader).ShouldBe(2);
            CallsFor(question).ShouldBe(3);
        }

        gates.ForEach(gate => gate.ForEach(one => one.Dispose()));
        Report("After each of two kills in a row", silences);
    }

    [Fact]
    public async Task What_nobody_streams_is_finished_elsewhere_too()
    {
        var (named, background, inConversation) = (Question.Of(120, 40), Question.Of(120, 40), Question.Of(120, 40));
        var conversation = (await Servers[0].Api.PostAsync("v1/conversations", new { }, Ct)).Ok.GetProperty("id").GetString();
        var key = Guid.NewGuid().ToString();
        var plain = PlainAsync(Servers[0].Api, key, named);
        var unnamed = Servers[0].Api.PostAsync("v1/responses", new { model = Model, input = inConversation.Text, conversation }, Ct);
        var polled = (await Servers[0].Api.PostAsync("v1/responses", new { model = Model, input = background.Text, background = true }, Ct)).Ok.GetProperty("id").GetString();
        await Vendor.WaitForAsync(request => named.IsIn(request) && request.TokensSent > 10, Ct);
        await Vendor.WaitForAsync(request => inConversation.IsIn(request) && request.TokensSent > 10, Ct);
        await Servers[0].KillAsync(Ct);
        (await Should.ThrowAsync<Exception>(plain)).ShouldSatisfyAllConditions(e => ResumingReader.IsBroken(e).ShouldBeTrue());
        await Should.ThrowAsync<Exception>(unnamed);

        // By its key: the repeat waits for the same response.
        var repeated = (await PlainAsync(Servers[1].Api, key, named)).Ok;
        Proof.TextOf(repeated).ShouldBe(named.Answer);
        repeated.GetProperty("interruptions").GetInt32().ShouldBe(1);
        CallsFor(named).ShouldBe(2);

        // By its id.
        JsonElement response = default;
        await WaitUntilAsync(async () => (response = (await Servers[1].Api.GetAsync($"v1/responses/{polled}", Ct)).Ok).GetProperty("status").GetString() is not "in_progress");
        response.GetProperty("status").GetString().ShouldBe("completed");
        Proof.TextOf(response).ShouldBe(background.Answer);

        // In its conversation.
        JsonElement items = default;
        await WaitUntilAsync(async () => (items = (await Servers[1].Api.GetAsync($"v1/conversations/{conversation}/items?order=asc", Ct)).Ok.GetProperty("data")).GetArrayLength() == 2);
        items[1].GetProperty("content")[0].GetProperty("text").GetString().ShouldBe(inConversation.Answer);
    }

    /// <summary>Streams of all ages, up to <see cref="Spread"/>, when their server is killed.</summary>
    private async Task<List<TimeSpan?>> KillUnderAsync(int streams, int victim)
    {
        var questions = Enumerable.Range(0, streams).Select(_ => Question.Of(tokens: 150, delay: 40)).ToList();
        var asking = questions.Select(async question =>
        {
            await Task.Delay(Spread * Random.Shared.NextDouble(), Ct);
            return Ask(question, victim);
        }).ToList();
        await Task.Delay(Spread, Ct);
        var asked = await Task.WhenAll(asking);
        var seen = asked.Select(one => one.Reader.Events.Count).ToList();
        var killed = Now;
        await Servers[victim].KillAsync(Ct);
        await Task.WhenAll(asked.Select(one => one.Ends));
        for (var i = 0; i < streams; i++)
        {
            var reader = asked[i].Reader;
            await ShouldBeWholeAsync(reader, questions[i]);
            // One that had just been sent may not have been taken at all, and one may have been done.
            if (seen[i] > 0 && seen[i] < reader.Events.Count - 20) InterruptionsOf(reader).ShouldBe(1);
            else InterruptionsOf(reader).ShouldBeLessThanOrEqualTo(1);
            CallsFor(questions[i]).ShouldBeInRange(1, 2);
        }

        return [.. asked.Zip(seen).Where(one => one.Second > 0).Select(one => one.First.Reader.SilenceAfter(killed))];
    }

    private async Task<Reply> PlainAsync(ApiClient api, string key, Question question)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "v1/responses") { Content = ApiClient.Content(new { model = Model, input = question.Text }) };
        request.Headers.Add("Idempotency-Key", key);
        return await api.SendAsync(request, Ct);
    }
}
