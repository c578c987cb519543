using Npgsql;
using Xunit.Abstractions;

namespace AiPlatform.Integration.Tests.Crash;

/// <summary>The database is out of reach for all servers, for longer than their leases last.</summary>
public sealed class OutageTests(OutageTests.BehindRelay servers, ITestOutputHelper output) : ProcessTest(servers, output), IClassFixture<OutageTests.BehindRelay>
{
    [Fact]
    public async Task Nobody_takes_a_healthy_run_from_another_when_the_database_is_back()
    {
        var outage = Trials.Seconds(8, 20);
        var questions = Enumerable.Range(0, Trials.Count(6, 20)).Select(_ => Question.Of(tokens: 25 * ((int)outage.TotalSeconds + 12), delay: 40)).ToList();
        var asked = questions.Select((question, i) => Ask(question, i % ServerPair.Places)).ToList();
        await Task.WhenAll(asked.Select(one => one.Reader.WaitForAsync(20, Ct)));
        await servers.Relay.CutAsync();
        var cut = Now;
        await Task.Delay(outage, Ct);
        servers.Relay.Restore();

        var all = Task.WhenAll(asked.Select(one => one.Ends));
        while (!all.IsCompleted)
        {
            // Its row goes with the end of a run.
            foreach (var (reader, _) in asked) (await OfRunAsync<int?>(reader.Id!, "epoch")).ShouldBeOneOf(1, null);
            await Task.Delay(200, Ct);
        }

        await all;
        foreach (var ((reader, _), question) in asked.Zip(questions))
        {
            await ShouldBeWholeAsync(reader, question);
            reader.Connections.ShouldBe(1);
            InterruptionsOf(reader).ShouldBe(0);
            CallsFor(question).ShouldBe(1);
        }

        Report($"After the database was away for {outage.TotalSeconds} s", asked.Select(one => one.Reader.SilenceAfter(cut)));
    }

    public sealed class BehindRelay : ServerPair
    {
        public TcpRelay Relay { get; private set; } = null!;

        protected override async Task StartDatabaseAsync(CancellationToken cancellationToken)
        {
            await base.StartDatabaseAsync(cancellationToken);
            var server = new NpgsqlConnectionStringBuilder(ConnectionString);
            Relay = new TcpRelay(server.Host!, server.Port);
        }

        protected override async Task StopDatabaseAsync()
        {
            await Relay.DisposeAsync();
            await base.StopDatabaseAsync();
        }

        protected override string ConnectionStringOf(int place) =>
            new NpgsqlConnectionStringBuilder(ConnectionString) { Host = "127.0.0.1", Port = Relay.Port }.ConnectionString;
    }
}
