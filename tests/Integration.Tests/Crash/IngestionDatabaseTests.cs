using AiPlatform.Domain.Knowledge;
using AiPlatform.Integration.Tests.Knowledge.Ingestion;
using Xunit.Abstractions;

namespace AiPlatform.Integration.Tests.Crash;

/// <summary>The database is killed under workers: they wait for it, and it counts as no attempt.</summary>
public sealed class IngestionDatabaseTests(DatabaseKillTests.WithOwnCluster servers, ITestOutputHelper output)
    : IngestionTrial(servers, output), IClassFixture<DatabaseKillTests.WithOwnCluster>
{
    [Fact]
    public async Task Documents_outlive_a_database_that_is_killed()
    {
        Vendor.Standing = FakeDirective.Parse("headers=100");
        for (var round = 0; round < Trials.Count(1, 10); round++)
        {
            await Servers.EnsureRunningAsync(Ct);
            var files = new List<VectorStoreFile>();
            for (var i = 0; i < 4; i++) files.Add(await Documents.AddAsync(await CreateStoreAsync(), TestDocuments.Text(Sentences / 2, $"round {round}, file {i}"), Ct, chunking: SmallChunks));
            await UntilInHandAsync(files[0], row => row.Step >= (IngestionStep)(round % 4));
            await Task.Delay(Random.Shared.Next(500), Ct);
            await servers.Postgres.KillAsync(Ct);
            await Task.Delay(1000, Ct);
            await servers.Postgres.StartAsync(Ct);

            await ShouldAllBeCompletedAsync(files);
        }
    }
}
