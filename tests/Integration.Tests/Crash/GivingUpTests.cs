using Xunit.Abstractions;

namespace AiPlatform.Integration.Tests.Crash;

/// <summary>A response that breaks off again and again without anything new: it is given up, though not at once.</summary>
[Collection(Trials.Name)]
public sealed class GivingUpTests(ServerPair servers, ITestOutputHelper output) : ProcessTest(servers, output)
{
    [Theory]
    [InlineData(3, "response.completed")]
    [InlineData(4, "response.failed")]
    public async Task A_model_that_breaks_off_again_and_again_is_asked_five_times_in_all(int breaksWithoutProgress, string end)
    {
        var question = Question.Of(tokens: 50, delay: 0);
        foreach (var cut in Enumerable.Repeat(0, breaksWithoutProgress).Prepend(10)) Vendor.Enqueue(FakeScript.Do($"{question.Keys} cut={cut}") with { When = question.IsIn });
        var (reader, ends) = Ask(question, first: 0);
        await ends;

        CallsFor(question).ShouldBe(5);
        reader.End!.Event.ShouldBe(end);
        if (end == "response.completed") await ShouldBeWholeAsync(reader, question);
        else ShouldHaveFailed(reader);
        (await Proof.ReplayAsync(Servers[1].Api, reader.Id!, "", Ct)).ShouldBe(reader.Events);
    }

    [Fact]
    public async Task A_response_whose_server_dies_again_and_again_before_the_first_word_fails_with_the_fifth()
    {
        if (!Trials.IsFull) return;
        var question = Question.Of(tokens: 10, delay: 0, "hang=headers");
        var (reader, ends) = Ask(question, first: 0);
        for (var kill = 0; kill < 5; kill++)
        {
            var call = kill + 1;
            await WaitUntilAsync(() => Task.FromResult(CallsFor(question) == call));
            reader.End.ShouldBeNull();
            await Servers[kill % 2].KillAsync(Ct);
            await Servers.StartAsync(kill % 2, Ct);
        }

        await ends;
        ShouldHaveFailed(reader);
        CallsFor(question).ShouldBe(5);
    }

    private static void ShouldHaveFailed(ResumingReader reader)
    {
        Proof.ShouldHaveNoGap(reader.Events);
        reader.Events.Count(ResumingReader.IsEnd).ShouldBe(1);
        var error = reader.End!.Json.GetProperty("response").GetProperty("error");
        error.GetProperty("code").GetString().ShouldBe("server_error");
        error.GetProperty("message").GetString().ShouldNotBeNullOrEmpty();
    }
}
