using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Knowledge.Search;
using AiPlatform.Application.Knowledge.Search.Analysis;
using AiPlatform.Application.Knowledge.Search.Segments;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Knowledge;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace AiPlatform.Integration.Tests.Knowledge.Search;

/// <summary>The index of words as PostgreSQL keeps it: what is found by words, while files come and go and segments are merged.</summary>
public sealed class LexicalIndexTests(Platform platform) : PlatformTest(platform), IClassFixture<Platform>
{
    [Theory]
    [InlineData("english_stem", "universities", "university")]
    [InlineData("german_stem", "häuser", "hauser")]
    [InlineData("french_stem", "continuellement", "continuelle")]
    [InlineData("spanish_stem", "canciones", "canción")]
    [InlineData("russian_stem", "книгами", "книга")]
    [InlineData("hindi_stem", "खिलाड़ियों", "खिलाड़ी")]
    [InlineData("tamil_stem", "புத்தகங்கள்", "புத்தகம்")]
    [InlineData("arabic_stem", "المدرسة", "مدرسة")]
    public async Task Forms_of_a_word_have_one_stem(string dictionary, string form, string other)
    {
        string[] spelled = [form, other];
        var stems = await Platform.Services.GetRequiredService<IWordStems>().OfAsync(dictionary, spelled, Ct);

        Plain(stems[form]).ShouldBe(Plain(stems[other]));

        static string Plain(string stem) => string.Concat(stem.Where(c => c is < '\u0300' or > '\u036F'));
    }

    [Fact]
    public async Task Words_are_found_in_their_forms_and_in_all_scripts()
    {
        var store = await Api.CreateStoreAsync(Ct);
        foreach (var (name, text) in new[]
        {
            ("en.txt", "The libraries of the city are open on Sundays for all of its readers."),
            ("de.txt", "Die Bibliotheken der Stadt sind am Sonntag für alle Leserinnen und Leser geöffnet."),
            ("ru.txt", "Городские библиотеки открыты по воскресеньям для всех читателей."),
            ("hi.txt", "शहर के पुस्तकालय रविवार को सभी पाठकों के लिए खुले रहते हैं।"),
            ("ta.txt", "நகரத்தின் நூலகங்கள் ஞாயிற்றுக்கிழமைகளில் அனைவருக்கும் திறந்திருக்கும்."),
            ("zh.txt", "城市图书馆星期日向所有读者开放。"),
        })
        {
            await Api.AttachAsync(store, await Api.UploadAsync(name, text, Ct), Ct);
        }

        await Api.UntilReadyAsync(store, Ct);
        foreach (var (query, expected) in new[]
        {
            ("library reader", "en.txt"), ("Bibliothek", "de.txt"), ("библиотека читатель", "ru.txt"), ("पाठक पुस्तकालय", "hi.txt"), ("நூலகம்", "ta.txt"), ("图书馆", "zh.txt"),
        })
        {
            (await FindAsync(store, query)).FirstOrDefault().ShouldBe(expected, query);
        }
    }

    [Fact]
    public async Task Files_that_are_not_completed_replaced_or_detached_are_not_found_before_and_after_merging()
    {
        var store = await Api.CreateStoreAsync(Ct);
        var kept = await Api.AddAsync(store, "kept.txt", "A walrus rests on the ice.", Ct);
        var detached = await Api.AddAsync(store, "detached.txt", "A walrus swims.", Ct);
        var replaced = await Api.AddAsync(store, "replaced.txt", "A walrus sleeps.", Ct);
        for (var i = 0; i < 8; i++) await Api.AttachAsync(store, await Api.UploadAsync($"other-{i}.txt", $"Penguin number {i}.", Ct), Ct);
        await Api.UntilReadyAsync(store, Ct);
        (await FindAsync(store, "walrus")).ShouldBe(["kept.txt", "detached.txt", "replaced.txt"], ignoreOrder: true);

        await MaintainAsync();
        (await SegmentsAsync(store)).ShouldBeLessThan(8);
        (await FindAsync(store, "walrus")).ShouldBe(["kept.txt", "detached.txt", "replaced.txt"], ignoreOrder: true);

        _ = (await Api.DeleteAsync($"v1/vector_stores/{store}/files/{detached}", Ct)).Ok;
        await Api.AddAsync(store, "replacing.txt", "A walrus dreams.", Ct, replaces: replaced);
        await SqlAsync($"UPDATE knowledge.vector_store_files SET status = 'in_progress', owner = 'a test', lease_until = 'infinity' WHERE file_id = '{GuidOf(kept)}'");
        (await FindAsync(store, "walrus")).ShouldBe(["replacing.txt"]);

        await MaintainAsync();
        (await FindAsync(store, "walrus")).ShouldBe(["replacing.txt"]);
        // What was gone is forgotten, and what waits is kept.
        (await SqlAsync($"SELECT count(*) FROM knowledge.lexical_garbage WHERE vector_store_id = '{GuidOf(store)}'")).ShouldBe(0L);
        (await SqlAsync($"SELECT sum(chunks) FROM knowledge.lexical_segments WHERE vector_store_id = '{GuidOf(store)}'")).ShouldBe(10L);
        await SqlAsync($"UPDATE knowledge.vector_store_files SET status = 'completed', owner = NULL WHERE file_id = '{GuidOf(kept)}'");
        (await FindAsync(store, "walrus")).ShouldBe(["replacing.txt", "kept.txt"], ignoreOrder: true);

        _ = (await Api.DeleteAsync($"v1/vector_stores/{store}", Ct)).Ok;
        (await FindAsync(store, "walrus")).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_an_older_version_ingested_comes_into_the_index_by_itself()
    {
        var store = await Api.CreateStoreAsync(Ct);
        await Api.AddAsync(store, "old.txt", "Otters\n\nThey hold hands while they sleep, so that none drifts away.", Ct);
        await SqlAsync($"""
            UPDATE knowledge.chunks SET terms = NULL WHERE vector_store_id = '{GuidOf(store)}';
            DELETE FROM knowledge.lexical_segments WHERE vector_store_id = '{GuidOf(store)}';
            UPDATE knowledge.vector_store_files SET lexical_version = NULL WHERE vector_store_id = '{GuidOf(store)}';
            """);
        (await Api.SearchAsync(store, new { query = "otters" }, Ct)).Ok.Names().ShouldBe(["old.txt"]);

        await MaintainAsync();

        (await FindAsync(store, "otter")).ShouldBe(["old.txt"]);
        (await SegmentsAsync(store)).ShouldBe(1);
    }

    [Fact]
    public async Task Searches_find_everything_while_segments_are_merged_and_files_are_deleted()
    {
        var store = await Api.CreateStoreAsync(Ct);
        var files = new List<string>();
        for (var i = 0; i < 40; i++)
        {
            files.Add(await Api.UploadAsync($"{i}.txt", i % 2 == 0 ? $"The heron of lake {i} fishes." : $"Frogs of lake {i} sing.", Ct));
            await Api.AttachAsync(store, files[i], Ct);
        }

        await Api.UntilReadyAsync(store, Ct);
        var herons = Enumerable.Range(0, 20).Select(i => $"{i * 2}.txt").Order(StringComparer.Ordinal).ToList();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var searching = Task.Run(async () =>
        {
            var searches = 0;
            for (; !end.IsCancellationRequested; searches++) (await FindAsync(store, "heron")).Order(StringComparer.Ordinal).ShouldBe(herons);
            return searches;
        }, Ct);

        for (var i = 1; i < 40; i += 2)
        {
            _ = (await Api.DeleteAsync($"v1/vector_stores/{store}/files/{files[i]}", Ct)).Ok;
            if (i % 8 == 1) await MaintainAsync();
        }

        await end.CancelAsync();
        (await searching).ShouldBeGreaterThan(0);
        await MaintainAsync();
        (await SqlAsync($"SELECT sum(chunks) FROM knowledge.lexical_segments WHERE vector_store_id = '{GuidOf(store)}'")).ShouldBe(20L);
    }

    [Fact]
    public async Task A_merge_whose_connection_is_killed_leaves_the_index_as_it_was()
    {
        var store = await Api.CreateStoreAsync(Ct);
        // Too few for the job to merge them by itself.
        for (var i = 0; i < 5; i++) await Api.AttachAsync(store, await Api.UploadAsync($"{i}.txt", $"Badger number {i} digs.", Ct), Ct);
        await Api.UntilReadyAsync(store, Ct);
        var merging = Platform.Services.GetRequiredService<ISegmentMerging>();
        var of = new MergeableStore(new WorkspaceId((Guid)(await SqlAsync($"SELECT workspace_id FROM knowledge.vector_stores WHERE id = '{GuidOf(store)}'"))!), new VectorStoreId(GuidOf(store)));
        List<long> segments = [.. (await merging.ListAsync(of.VectorStoreId, Ct)).Select(segment => segment.Id)];
        var other = (await merging.ReadAsync(segments, Ct))![0];
        await using var connection = new NpgsqlConnection(Platform.Database.ConnectionString);
        await connection.OpenAsync(Ct);
        await using (var transaction = await connection.BeginTransactionAsync(Ct))
        {
            // The exchange waits for these rows, and is killed there with all that it has written.
            await using var hold = new NpgsqlCommand($"SELECT count(*) FROM (SELECT 1 FROM knowledge.lexical_segments WHERE vector_store_id = '{GuidOf(store)}' FOR UPDATE) held", connection);
            await hold.ExecuteScalarAsync(Ct);
            var exchange = merging.ReplaceAsync(of, segments, other, Ct);
            await EventuallyAsync(() => SqlAsync(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE 'DELETE FROM knowledge.lexical_segments%' LIMIT 1"));
            await Should.ThrowAsync<NpgsqlException>(exchange);
        }

        (await SegmentsAsync(store)).ShouldBe(5);
        (await FindAsync(store, "badgers")).Count.ShouldBe(5);
        // With one of them gone nothing is exchanged either.
        (await merging.ReplaceAsync(of, [.. segments, 0], other, Ct)).ShouldBeFalse();
        (await SegmentsAsync(store)).ShouldBe(5);
    }

    /// <summary>The names of the files that have these words, best first.</summary>
    private async Task<List<string>> FindAsync(string store, string text)
    {
        var workspace = (Guid)(await SqlAsync($"SELECT workspace_id FROM knowledge.vector_stores WHERE id = '{GuidOf(store)}'") ?? Guid.Empty);
        var hits = await Platform.Services.GetRequiredService<ILexicalSearch>().SearchAsync(
            new LexicalQuery { WorkspaceId = new WorkspaceId(workspace), Stores = [new VectorStoreId(GuidOf(store))], Text = text }, Ct);
        var names = new List<string>();
        foreach (var hit in hits.Hits)
            names.Add(await SqlAsync($"SELECT s.filename FROM knowledge.vector_store_files f JOIN knowledge.files s ON s.id = f.file_id WHERE f.id = '{hit.VectorStoreFileId.Value}'") as string ?? "gone");
        return names;
    }

    /// <summary>What a job does every few seconds.</summary>
    private async Task MaintainAsync()
    {
        await using var scope = Platform.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CallerContext>().EnterSystem();
        var mediator = scope.ServiceProvider.GetRequiredService<IMediator>();
        await mediator.Send(new MergeSegments(), Ct);
        await mediator.Send(new IndexWords(), Ct);
    }

    private async Task<long> SegmentsAsync(string store) => (long)(await SqlAsync($"SELECT count(*) FROM knowledge.lexical_segments WHERE vector_store_id = '{GuidOf(store)}'"))!;

    private Task<object?> SqlAsync(string sql) => Platform.Database.ScalarAsync(sql, Ct);

    private static Guid GuidOf(string id) => Guid.ParseExact(id[^32..], "n");
}
