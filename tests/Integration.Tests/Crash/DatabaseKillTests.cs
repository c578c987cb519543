using Xunit.Abstractions;

namespace AiPlatform.Integration.Tests.Crash;

/// <summary>The database is killed and comes back, under two servers with streams.</summary>
public sealed class DatabaseKillTests(DatabaseKillTests.WithOwnCluster servers, ITestOutputHelper output)
    : ProcessTest(servers, output), IClassFixture<DatabaseKillTests.WithOwnCluster>
{
    private const int Streams = 10;

    [Fact]
    public async Task Streams_outlive_a_database_that_is_killed_and_what_was_shown_is_in_its_log()
    {
        var silences = new List<TimeSpan?>();
        for (var round = 0; round < Trials.Count(2, 6); round++) silences.AddRange(await KillUnderAsync(Streams / Trials.Count(2, 1), wholeServer: round % 2 == 0));
        Report("After a kill of the database", silences);
    }

    private async Task<IEnumerable<TimeSpan?>> KillUnderAsync(int streams, bool wholeServer)
    {
        var questions = Enumerable.Range(0, streams).Select(_ => Question.Of(tokens: 200, delay: 40)).ToList();
        var asking = questions.Select(async (question, i) =>
        {
            await Task.Delay(Random.Shared.Next(2500), Ct);
            return Ask(question, i % ServerPair.Places);
        }).ToList();
        await Task.Delay(2500, Ct);
        var asked = await Task.WhenAll(asking);
        var seen = asked.Select(one => one.Reader.Events.Count).ToList();
        var killed = Now;
        if (wholeServer)
        {
            await servers.Postgres.KillAsync(Ct);
            await Task.Delay(1000, Ct);
            await servers.Postgres.StartAsync(Ct);
        }
        else
        {
            PrivatePostgres.KillOne((int)(await Servers.ScalarAsync("SELECT pid FROM pg_stat_activity WHERE application_name = 'AiPlatform' LIMIT 1", Ct))!);
        }

        await Task.WhenAll(asked.Select(one => one.Ends));
        for (var i = 0; i < streams; i++)
        {
            var reader = asked[i].Reader;
            await ShouldBeWholeAsync(reader, questions[i]);
            if (seen[i] == 0) continue;
            reader.Connections.ShouldBe(1);
            InterruptionsOf(reader).ShouldBe(0);
            CallsFor(questions[i]).ShouldBe(1);
        }

        return asked.Select(one => one.Reader.SilenceAfter(killed));
    }

    public sealed class WithOwnCluster : ServerPair
    {
        public PrivatePostgres Postgres { get; private set; } = null!;

        protected override string ConnectionString => Postgres.ConnectionString;

        protected override async Task StartDatabaseAsync(CancellationToken cancellationToken) => Postgres = await PrivatePostgres.StartNewAsync(cancellationToken);

        protected override async Task StopDatabaseAsync() => await Postgres.DisposeAsync();
    }
}
