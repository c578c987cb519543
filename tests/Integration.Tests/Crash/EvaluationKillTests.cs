using AiPlatform.Integration.Tests.Evaluations;
using Xunit.Abstractions;

namespace AiPlatform.Integration.Tests.Crash;

/// <summary>A server that is killed in the middle of an evaluation: the other goes on, and every question is asked and counted once.</summary>
[Collection(IngestionTrials.Name)]
public sealed class EvaluationKillTests(ServerPair servers, ITestOutputHelper output) : ProcessTest(servers, output)
{
    private const int Questions = 200;

    [Fact]
    public async Task An_evaluation_of_a_server_that_is_killed_is_completed_by_the_other()
    {
        var store = await Servers[0].Api.StoreAsync("fake-embedding", [("one.txt", "The first of two documents."), ("two.txt", "The second of two documents.")], Ct);
        Vendor.Standing = FakeDirective.Parse("headers=40");
        try
        {
            var id = await Servers[0].Api.StartAsync(
                new { vector_store_id = store, questions = Enumerable.Range(0, Questions).Select(i => new { query = $"Question number {i}", relevant = new[] { new { filename = i % 2 == 0 ? "one.txt" : "two.txt" } } }) },
                Ct);
            await Servers[1].Api.EvaluationAsync(id, evaluation => evaluation.GetProperty("asked").GetInt32() > 0, Ct);
            var owner = (string)(await Servers.ScalarAsync("SELECT owner FROM knowledge.evaluations", Ct))!;
            var place = Servers.PlaceOf(owner);
            var (other, asked) = (Servers[1 - place].Api, await AskedAsync());
            await Servers[place].KillAsync(Ct);
            asked.ShouldBeLessThan(Questions, "It was done before it could be disturbed.");

            var evaluation = await other.CompletedAsync(id, Ct);

            evaluation.GetProperty("asked").GetInt32().ShouldBe(Questions);
            (await Servers.ScalarAsync("SELECT count(*) FROM knowledge.evaluation_questions WHERE found_at IS NOT NULL AND hit_count = 2", Ct)).ShouldBe((long)Questions);
            var metrics = evaluation.GetProperty("metrics").GetProperty("at_k").EnumerateArray().ToList();
            metrics[0].GetProperty("k").GetInt32().ShouldBe(1);
            metrics.Single(at => at.GetProperty("k").GetInt32() == 3).GetProperty("recall").GetDouble().ShouldBe(1);
            Output.WriteLine($"Killed after {asked} of {Questions} questions; taken {await Servers.ScalarAsync("SELECT epoch FROM knowledge.evaluations", Ct)} times, "
                + $"done {await Servers.ScalarAsync("SELECT ended_at - started_at FROM knowledge.evaluations", Ct)} after the start");
        }
        finally
        {
            Vendor.Standing = null;
        }

        async Task<int> AskedAsync() => (int)(await Servers.ScalarAsync("SELECT asked FROM knowledge.evaluations", Ct))!;
    }
}
