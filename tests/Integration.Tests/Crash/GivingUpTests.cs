using Xunit.Abstractions;

namespace AiPlatform.Integration.Tests.Crash;

/// <summary>A response that kills whatever serves it: it is given up, though not at once. What holds for models that break off is in <c>FailoverLimitTests</c>.</summary>
[Collection(Trials.Name)]
public sealed class GivingUpTests(ServerPair servers, ITestOutputHelper output) : ProcessTest(servers, output)
{
    private const int Deaths = 7;

    [Fact]
    public async Task A_response_whose_server_dies_again_and_again_before_the_first_word_fails_with_the_seventh_death()
    {
        // As many restarts take too long for a sample.
        if (!Trials.IsFull) return;
        var question = Question.Of(tokens: 10, delay: 0, "hang=headers");
        var (reader, ends) = Ask(question, first: 0);
        for (var death = 1; death <= Deaths; death++)
        {
            await WaitUntilAsync(() => Task.FromResult(CallsFor(question) == death));
            reader.End.ShouldBeNull();
            var place = (death - 1) % ServerPair.Places;
            await Servers[place].KillAsync(Ct);
            await Servers.StartAsync(place, Ct);
        }

        await ends;
        CallsFor(question).ShouldBe(Deaths);
        Proof.ShouldHaveNoGap(reader.Events);
        reader.Events.Count(ResumingReader.IsEnd).ShouldBe(1);
        reader.Events[^1].Event.ShouldBe("response.failed");
        var error = reader.End!.Json.GetProperty("response").GetProperty("error");
        error.GetProperty("code").GetString().ShouldBe("server_error");
        error.GetProperty("message").GetString().ShouldNotBeNullOrEmpty();
        (await Proof.ReplayAsync(Servers[1].Api, reader.Id!, "", Ct)).ShouldBe(reader.Events);
    }
}
