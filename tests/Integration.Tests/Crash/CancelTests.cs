using Xunit.Abstractions;

namespace AiPlatform.Integration.Tests.Crash;

/// <summary>Stopping a response that another server generates.</summary>
[Collection(Trials.Name)]
public sealed class CancelTests(ServerPair servers, ITestOutputHelper output) : ProcessTest(servers, output)
{
    [Fact]
    public async Task A_response_is_cancelled_from_the_other_server_and_keeps_what_it_said()
    {
        var question = Question.Of(tokens: 50, delay: 0, "hang=mid");
        var (reader, ends) = Ask(question, first: 0);
        await reader.WaitForAsync(10, Ct);

        var cancelled = (await Servers[1].Api.PostAsync($"v1/responses/{reader.Id}/cancel", null, Ct)).Ok;
        cancelled.GetProperty("status").GetString().ShouldBe("cancelled");
        await Vendor.WaitForAsync(request => question.IsIn(request) && request.Outcome is RequestOutcome.ClientAborted, Ct);
        await ends;

        reader.Connections.ShouldBe(1);
        reader.Events[^1].Event.ShouldBe("response.incomplete");
        reader.End!.Json.GetProperty("response").GetProperty("status").GetString().ShouldBe("cancelled");
        reader.Text.Length.ShouldBeGreaterThan(0);
        question.Answer.ShouldStartWith(reader.Text);
        Proof.TextOf(cancelled).ShouldBe(reader.Text);
        // Again, from both: nothing changes.
        for (var place = 0; place < ServerPair.Places; place++)
        {
            (await Servers[place].Api.PostAsync($"v1/responses/{reader.Id}/cancel", null, Ct)).Ok.GetProperty("status").GetString().ShouldBe("cancelled");
            await Proof.IsKeptAsync(reader, Servers[place].Api, Ct);
        }

        CallsFor(question).ShouldBe(1);
    }

    [Fact]
    public async Task Of_many_who_cancel_a_response_at_once_from_the_other_server_all_are_told_that_it_is_cancelled()
    {
        for (var trial = 0; trial < Trials.Count(3, 20); trial++)
        {
            var (reader, ends) = Ask(Question.Of(tokens: 50, delay: 0, "hang=mid"), first: 0);
            await reader.WaitForAsync(10, Ct);
            var replies = await Task.WhenAll(Enumerable.Range(0, 12).Select(async _ =>
            {
                // So that one is at its end while another begins.
                await Task.Delay(Random.Shared.Next(30), Ct);
                return await Servers[1].Api.PostAsync($"v1/responses/{reader.Id}/cancel", null, Ct);
            }));
            await ends;
            replies.Select(reply => reply.Ok.GetProperty("status").GetString()).ShouldAllBe(status => status == "cancelled");
            reader.Events.Count(ResumingReader.IsEnd).ShouldBe(1);
            Proof.ShouldHaveNoGap(reader.Events);
        }
    }

    [Fact]
    public async Task A_response_that_is_cancelled_from_everywhere_while_it_completes_ends_once()
    {
        var ends = new List<string?>();
        for (var trial = 0; trial < Trials.Count(10, 50); trial++)
        {
            var question = Question.Of(tokens: 20, delay: 10);
            var (reader, asked) = Ask(question, first: 0);
            await reader.WaitForAsync(2, Ct);
            // About when it is done.
            await Task.Delay(Random.Shared.Next(120, 300), Ct);
            var replies = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => Servers[i % 2].Api.PostAsync($"v1/responses/{reader.Id}/cancel", null, Ct)));
            await asked;
            var end = reader.End!.Json.GetProperty("response").GetProperty("status").GetString();
            replies.Select(reply => reply.Ok.GetProperty("status").GetString()).ShouldAllBe(status => status == end);
            reader.Events.Count(ResumingReader.IsEnd).ShouldBe(1);
            Proof.ShouldHaveNoGap(reader.Events);
            for (var place = 0; place < ServerPair.Places; place++) await Proof.IsKeptAsync(reader, Servers[place].Api, Ct);
            ends.Add(end);
        }

        Output.WriteLine(string.Join(", ", ends.GroupBy(end => end).Select(group => $"{group.Count()} {group.Key}")));
    }

    [Fact]
    public async Task Who_stops_reading_cancels_only_where_the_request_says_so()
    {
        // The patience with a reader who has gone is half a minute, so this is for the long version.
        if (!Trials.IsFull) return;
        var (left, kept) = (Question.Of(tokens: 1500, delay: 40), Question.Of(tokens: 1500, delay: 40));
        var (leaver, leaving) = await LeaveAsync(left, "cancel");
        var (keeper, keeping) = await LeaveAsync(kept, "continue");
        await leaving;
        leaver.End!.Json.GetProperty("response").GetProperty("status").GetString().ShouldBe("cancelled");
        left.Answer.ShouldStartWith(leaver.Text);
        await Vendor.WaitForAsync(request => left.IsIn(request) && request.Outcome is RequestOutcome.ClientAborted, Ct);
        await keeping;
        await ShouldBeWholeAsync(keeper, kept);
    }

    /// <summary>Reads the beginning of an answer, and the rest when that has ended without a reader.</summary>
    private async Task<(ResumingReader Reader, Task Ends)> LeaveAsync(Question question, string onDisconnect)
    {
        var gone = new TaskCompletionSource();
        ResumingReader? reader = null;
        var back = new TaskCompletionSource();
        reader = new ResumingReader(connection => connection == 0 || back.Task.IsCompleted ? Servers[connection % 2].Api : throw new IOException("Not now."))
        {
            HangsUpAfter = e =>
            {
                if (ResumingReader.IsText(e)) gone.TrySetResult();
                return !back.Task.IsCompleted && gone.Task.IsCompleted;
            },
        };
        var ends = reader.ReadAsync(new { model = Model, input = question.Text, stream = true, on_disconnect = onDisconnect }, Ct);
        await gone.Task.WaitAsync(Ct);
        _ = Task.Run(async () =>
        {
            await WaitUntilAsync(async () => (await Servers[1].Api.GetAsync($"v1/responses/{reader.Id}", Ct)).Ok.GetProperty("status").GetString() is not "in_progress");
            back.SetResult();
        }, Ct);
        return (reader, ends);
    }
}
