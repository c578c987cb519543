using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using AiPlatform.Domain.Knowledge;
using Npgsql;
using Xunit.Abstractions;

namespace AiPlatform.Integration.Tests.Knowledge.Ingestion;

/// <summary>Who gets a worker when: no workspace holds another up.</summary>
public sealed class TurnTests(Platform platform, ITestOutputHelper output) : PlatformTest(platform), IClassFixture<Platform>
{
    private TestDocuments Documents { get; } = new(platform.Services, platform.Database.ConnectionString);

    [Fact]
    public async Task A_thousand_files_of_one_workspace_do_not_hold_up_the_single_file_of_another()
    {
        var (busy, quiet) = (await Documents.CreateStoreAsync(Ct), await Documents.CreateStoreAsync(Ct));
        await RecordTurnsAsync();
        var started = Stopwatch.GetTimestamp();
        await Documents.AddAsync(busy, [.. Enumerable.Range(0, 1000).Select(i => TestDocuments.Text(3, $"file {i}"))], Ct);
        output.WriteLine($"A thousand files were stored and enqueued in {Stopwatch.GetElapsedTime(started).TotalSeconds:0.00} s");
        await EventuallyAsync(async () => await TurnsOfAsync(busy) > 5 ? "begun" : null);

        var (before, asked) = (await TurnsOfAsync(busy), Stopwatch.GetTimestamp());
        var single = await Documents.AddAsync(quiet, TestDocuments.Text(3, "single"), Ct);
        (await Documents.UntilEndAsync(single, Ct)).Status.ShouldBe(VectorStoreFileStatus.Completed);
        output.WriteLine($"The single file was ready in {Stopwatch.GetElapsedTime(asked).TotalSeconds:0.00} s");

        // Those that were in hand, and about as many as had their turns while it was attached.
        var ahead = await Documents.ScalarAsync<long>($"SELECT count(*) FROM public.turns WHERE store = '{busy.Id.Value}' AND at < (SELECT min(at) FROM public.turns WHERE store = '{quiet.Id.Value}')", Ct);
        (ahead - before).ShouldBeLessThan(20);
        (await Documents.ScalarAsync<long>($"SELECT count(*) FROM knowledge.vector_store_files WHERE vector_store_id = '{busy.Id.Value}' AND status = 'in_progress'", Ct)).ShouldBeGreaterThan(500);
        await Documents.CancelAsync(Ct, [.. await RestOfAsync(busy)]);
    }

    [Fact]
    public async Task A_workspace_with_nothing_in_hand_gets_a_worker_while_others_are_busy_with_long_documents()
    {
        var (busy, quiet) = (await Documents.CreateStoreAsync(Ct, model: "fake-embedding"), await Documents.CreateStoreAsync(Ct));
        Vendor.Standing = FakeDirective.Parse("hang=headers");
        try
        {
            var held = await Documents.AddAsync(busy, [.. Enumerable.Range(0, 4).Select(i => TestDocuments.Text(3, $"held {i}"))], Ct);
            await EventuallyAsync(() => Vendor.Requests.Count(request => request.Path == "/v1/embeddings") == 2 ? "both" : null);
            (await Documents.UntilEndAsync(await Documents.AddAsync(quiet, TestDocuments.Text(3, "quick"), Ct), Ct)).Status.ShouldBe(VectorStoreFileStatus.Completed);
            Vendor.Requests.Count(request => request.Path == "/v1/embeddings").ShouldBe(2);
            await Documents.CancelAsync(Ct, [.. held]);
        }
        finally
        {
            Vendor.Standing = null;
        }
    }

    private Task<long> TurnsOfAsync(VectorStore store) => Documents.ScalarAsync<long>($"SELECT count(*) FROM public.turns WHERE store = '{store.Id.Value}'", Ct);

    private Task RecordTurnsAsync() => Turns.RecordAsync(Platform.Database.ConnectionString, Ct);

    private async Task<List<VectorStoreFile>> RestOfAsync(VectorStore store)
    {
        await using var scope = Platform.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<Application.Identity.Contracts.CallerContext>().EnterSystem();
        return [.. scope.ServiceProvider.GetRequiredService<Application.Knowledge.IKnowledgeDb>().VectorStoreFiles.Where(file => file.VectorStoreId == store.Id && file.Status == VectorStoreFileStatus.InProgress)];
    }
}

/// <summary>Has the database note who had which file when.</summary>
internal static class Turns
{
    private const string Record = """
        CREATE TABLE IF NOT EXISTS public.turns (file uuid, store uuid, workspace uuid, epoch int, owner text, at timestamptz, until timestamptz);
        CREATE OR REPLACE FUNCTION public.note_turn() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF NEW.owner IS NOT NULL AND NEW.epoch <> OLD.epoch THEN
                INSERT INTO public.turns VALUES (NEW.id, NEW.vector_store_id, NEW.workspace_id, NEW.epoch, NEW.owner, clock_timestamp(), NULL);
            ELSIF NEW.owner IS NULL AND OLD.owner IS NOT NULL THEN
                UPDATE public.turns SET until = clock_timestamp() WHERE file = NEW.id AND epoch = OLD.epoch;
            END IF;
            RETURN NEW;
        END $$;
        CREATE OR REPLACE TRIGGER note_turn AFTER UPDATE ON knowledge.vector_store_files FOR EACH ROW EXECUTE FUNCTION public.note_turn();
        SELECT 1;
        """;

    public static async Task RecordAsync(string database, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(Record, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
