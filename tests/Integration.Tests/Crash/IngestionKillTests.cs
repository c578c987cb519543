using AiPlatform.Domain.Knowledge;
using AiPlatform.Integration.Tests.Knowledge.Ingestion;
using Npgsql;
using Xunit.Abstractions;

namespace AiPlatform.Integration.Tests.Crash;

/// <summary>Workers that are killed in the middle of a step: the other goes on from there, and every chunk is there once.</summary>
[Collection(IngestionTrials.Name)]
public sealed class IngestionKillTests(ServerPair servers, ITestOutputHelper output) : IngestionTrial(servers, output)
{
    [Theory]
    [InlineData(IngestionStep.Extract)]
    [InlineData(IngestionStep.Chunk)]
    [InlineData(IngestionStep.Embed)]
    [InlineData(IngestionStep.Index)]
    [InlineData(IngestionStep.Switch)]
    public async Task Documents_of_a_worker_that_is_killed_in_any_step_are_completed_by_the_other(IngestionStep step)
    {
        // A worker's death shows when its lease ends, so that a few trials take minutes.
        if (!Trials.IsFull && step is IngestionStep.Extract or IngestionStep.Chunk) return;
        Vendor.Standing = FakeDirective.Parse("headers=50");
        try
        {
            // A document that was through with the step before it was seen in it is no trial.
            var (wanted, killed) = (Trials.Count(1, 20), 0);
            for (var document = 0; killed < wanted && document < 5 * wanted; document++)
            {
                if (await KillInAsync(step, isMachineGone: document % 2 == 1)) killed++;
            }

            killed.ShouldBe(wanted, "Too few documents were seen in the step.");
        }
        finally
        {
            Vendor.Standing = null;
        }
    }

    [Fact]
    public async Task A_document_that_ends_its_worker_three_times_fails_and_the_others_are_completed()
    {
        // As many deaths take too long for a sample; IngestionTests has one with deaths that are only told.
        if (!Trials.IsFull) return;
        var mark = Guid.NewGuid().ToString("n");
        for (var death = 1; death <= 3; death++)
            Vendor.Enqueue(FakeScript.Do("hang=headers") with { When = request => request.Path == "/v1/embeddings" && request.Body.GetRawText().Contains(mark, StringComparison.Ordinal) });
        var deadly = await Documents.AddAsync(await CreateStoreAsync(), TestDocuments.Text(20, mark), Ct);
        for (var death = 1; death <= 3; death++)
        {
            var place = await UntilInHandAsync(deadly, row => row.Step is IngestionStep.Embed && row.Epoch == death);
            await Servers[place].KillAsync(Ct);
            await Servers.StartAsync(place, Ct);
        }

        var end = await Documents.UntilEndAsync(deadly, Ct);
        (end.Status, end.ErrorCode).ShouldBe((VectorStoreFileStatus.Failed, "server_error"));
        end.ErrorMessage!.ShouldContain("3 times");
        await ShouldAllBeCompletedAsync([await Documents.AddAsync(await CreateStoreAsync(), TestDocuments.Text(20), Ct)]);
    }

    [Fact]
    public async Task A_server_that_stops_gives_its_documents_back_at_once()
    {
        var mark = Guid.NewGuid().ToString("n");
        Vendor.Standing = FakeDirective.Parse("headers=2000");
        try
        {
            await Turns.RecordAsync(Servers.Database, Ct);
            var file = await Documents.AddAsync(await CreateStoreAsync(), TestDocuments.Text(Sentences, mark), Ct, chunking: SmallChunks);
            var place = await UntilInHandAsync(file, row => row.Step is IngestionStep.Embed);
            await Servers[place].TerminateAsync(Ct);
            await Documents.UntilAsync(file, row => row.Epoch == 2, Ct);
            Vendor.Standing = null;
            await ShouldAllBeCompletedAsync([file]);

            // It was given back and taken, not found abandoned.
            var wait = await Documents.ScalarAsync<TimeSpan>($"SELECT max(at) - min(until) FROM public.turns WHERE file = '{file.Id.Value}'", Ct);
            wait.ShouldBeLessThan(TimeSpan.FromSeconds(10));
            Output.WriteLine($"Taken by the other after {wait.TotalMilliseconds:0} ms");
            await Servers[place].WaitForExitAsync(Ct);
        }
        finally
        {
            Vendor.Standing = null;
        }
    }

    /// <summary>False where the document was done before its worker could be killed in the step. With the machine the worker's connections end too; else the database ends what it has been sent.</summary>
    private async Task<bool> KillInAsync(IngestionStep step, bool isMachineGone)
    {
        await Servers.EnsureRunningAsync(Ct);
        var store = await CreateStoreAsync();
        var old = step is IngestionStep.Switch ? await Documents.UntilEndAsync(await Documents.AddAsync(store, TestDocuments.Text(10), Ct), Ct) : null;
        // Whoever holds a row that is to be replaced holds up the switch.
        await using var held = old is null ? null : await HoldAsync(old);
        // Large enough that another process reads it, and that takes its time.
        var (sentences, chunks) = step is IngestionStep.Extract ? (4 * Sentences, ChunkingStrategy.Auto) : (Sentences, SmallChunks);
        var file = await Documents.AddAsync(store, TestDocuments.Text(sentences, Guid.NewGuid().ToString("n")), Ct, replaces: old?.FileId, chunking: chunks);
        var others = new[] { await Documents.AddAsync(await CreateStoreAsync(), TestDocuments.Text(300, "others"), Ct), await Documents.AddAsync(await CreateStoreAsync(), TestDocuments.Text(300, "others"), Ct) };

        if (await UntilInHandOrDoneAsync(file, row => row.Step == step) is not { } place) return false;
        // Somewhere in it.
        if (step is IngestionStep.Embed or IngestionStep.Index) await Task.Delay(Random.Shared.Next(0, 400), Ct);
        await Servers[place].KillAsync(Ct);
        if (isMachineGone) await Documents.ScalarAsync<long>("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'", Ct);
        if (held is not null) await held.DisposeAsync();

        await ShouldAllBeCompletedAsync([file, .. others]);
        var end = await Documents.GetAsync(file, Ct);
        Output.WriteLine($"Killed in {step}: {end.ChunkCount} chunks, taken {end.Epoch} times");
        if (old is not null) (await Documents.ScalarAsync<long>($"SELECT count(*) FROM knowledge.vector_store_files WHERE vector_store_id = '{store.Id.Value}'", Ct)).ShouldBe(1);
        return true;
    }

    private async Task<NpgsqlConnection> HoldAsync(VectorStoreFile file)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(Servers.Database) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(Ct);
        await using var command = new NpgsqlCommand($"BEGIN; SELECT 1 FROM knowledge.vector_store_files WHERE id = '{file.Id.Value}' FOR KEY SHARE", connection);
        await command.ExecuteNonQueryAsync(Ct);
        return connection;
    }
}
