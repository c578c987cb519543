using System.Text.Json;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Knowledge.Ingestion;
using AiPlatform.Domain.Common;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Knowledge;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.Integration.Tests.Knowledge.Ingestion;

/// <summary>A vector store changes to the vectors of another model, while it is in use.</summary>
public sealed class ReembeddingTests(Platform platform) : PlatformTest(platform), IClassFixture<Platform>
{
    private const string Offline = "offline-embedding";
    private const string Fake = "fake-embedding";

    private TestDocuments Documents { get; } = new(platform.Services, platform.Database.ConnectionString);

    [Theory]
    [InlineData(1536)]
    [InlineData(256)]
    public async Task A_store_changes_to_another_model_and_keeps_the_vectors_it_had(int dimensions)
    {
        var (store, file) = await StoreAsync();
        await ChangeAsync(store, Fake, dimensions == 1536 ? null : dimensions);
        var changed = await UntilAsync(store, "completed");

        changed.GetProperty("embedding_model").GetString().ShouldBe(Fake);
        changed.GetProperty("dimensions").GetInt32().ShouldBe(dimensions);
        changed.GetProperty("previous_embedding_model").GetString().ShouldBe(Offline);
        var change = changed.GetProperty("reembedding");
        change.GetProperty("total").GetInt32().ShouldBe(file.ChunkCount);
        change.GetProperty("completed").GetInt32().ShouldBe(file.ChunkCount);
        (await VectorsAsync(store, 256, 1)).ShouldBe(file.ChunkCount);
        (await VectorsAsync(store, dimensions, 2)).ShouldBe(file.ChunkCount);
        (await Documents.GetAsync(file, Ct)).UsageBytes.ShouldBe(file.UsageBytes + file.ChunkCount * 2 * (dimensions - 256));
        (await Documents.GetAsync(file, Ct)).Status.ShouldBe(VectorStoreFileStatus.Completed);
    }

    [Fact]
    public async Task What_is_added_later_has_vectors_of_the_new_model_and_is_there_after_the_way_back()
    {
        var (store, first) = await StoreAsync();
        await ChangeAsync(store, Fake, 300);
        await UntilAsync(store, "completed");
        var second = await Documents.UntilEndAsync(await Documents.AddAsync(store, TestDocuments.Text(60, "later"), Ct), Ct);
        second.Status.ShouldBe(VectorStoreFileStatus.Completed, second.ErrorMessage);
        (await VectorsAsync(store, 300, 2)).ShouldBe(first.ChunkCount + second.ChunkCount);

        (await Api.PostAsync($"{Of(store)}/reembedding/rollback", null, Ct)).Status.ShouldBe(200);
        var back = await UntilAsync(store, "completed", Offline);
        (back.GetProperty("embedding_model").GetString(), back.GetProperty("dimensions").GetInt32()).ShouldBe((Offline, 256));
        back.GetProperty("previous_embedding_model").GetString().ShouldBe(Fake);
        (await VectorsAsync(store, 256, 1)).ShouldBe(first.ChunkCount + second.ChunkCount);

        // To and fro: both are whole, so nothing is embedded again.
        var calls = Vendor.Requests.Count;
        await ChangeAsync(store, Fake);
        (await UntilAsync(store, "completed", Fake)).GetProperty("dimensions").GetInt32().ShouldBe(300);
        Vendor.Requests.Count.ShouldBe(calls);
    }

    [Fact]
    public async Task Searches_are_answered_rightly_all_the_while()
    {
        var (store, file) = await StoreAsync(string.Join("\n\n", Enumerable.Range(0, 300).Select(i => $"Lake number{i} lies in valley{i} and has its own kind of perch.")), new ChunkingStrategy(100, 0));
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var searching = Task.Run(async () =>
        {
            var searches = 0;
            for (; !end.IsCancellationRequested; searches++)
            {
                var asked = searches % 300;
                var best = (await Api.PostAsync($"{Of(store)}/search", new { query = $"number{asked} valley{asked}", max_num_results = 3 }, Ct)).Ok.GetProperty("data")[0];
                best.GetProperty("file_id").GetString().ShouldBe(file.FileId.ToWire());
                best.GetProperty("content")[0].GetProperty("text").GetString()!.ShouldContain($"number{asked} lies");
            }

            return searches;
        }, Ct);
        await ChangeAsync(store, Fake, 96);
        await UntilAsync(store, "completed");
        (await Api.PostAsync($"{Of(store)}/reembedding/rollback", null, Ct)).Status.ShouldBe(200);
        await UntilAsync(store, "completed", Offline);

        await end.CancelAsync();
        (await searching).ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Files_that_are_ingested_meanwhile_end_with_vectors_of_the_model_the_store_then_has()
    {
        var (store, _) = await StoreAsync(TestDocuments.Text(400, "meanwhile"));
        var adding = Task.Run(async () =>
        {
            var added = new List<VectorStoreFile>();
            for (var i = 0; i < 12; i++) added.Add(await Documents.AddAsync(store, TestDocuments.Text(30, $"number {i}"), Ct));
            return added;
        });
        await ChangeAsync(store, Fake, 320);
        await UntilAsync(store, "completed");
        foreach (var file in await adding)
        {
            var end = await Documents.UntilEndAsync(file, Ct);
            end.Status.ShouldBe(VectorStoreFileStatus.Completed, end.ErrorMessage);
        }

        var chunks = await Documents.ScalarAsync<long>($"SELECT count(*) FROM knowledge.chunks WHERE vector_store_id = '{store.Id.Value}'", Ct);
        ((long)await VectorsAsync(store, 320, 2)).ShouldBe(chunks);
        (await Documents.ScalarAsync<long>($"SELECT count(*) FROM knowledge.chunk_embeddings e JOIN knowledge.vector_store_files f ON f.id = e.vector_store_file_id WHERE f.vector_store_id = '{store.Id.Value}'", Ct)).ShouldBe(0);
    }

    [Fact]
    public async Task A_model_that_refuses_leaves_the_store_as_it_was_and_can_be_tried_again()
    {
        var (store, file) = await StoreAsync(TestDocuments.Text(40, "refusal"));
        Vendor.Enqueue(FakeScript.Do("status=401") with { When = IsAbout("refusal") });
        await ChangeAsync(store, Fake);
        var failed = await UntilAsync(store, "failed");

        failed.GetProperty("embedding_model").GetString().ShouldBe(Offline);
        failed.GetProperty("reembedding").GetProperty("last_error").GetString()!.ShouldContain("refused the key");
        (await Documents.GetAsync(file, Ct)).Status.ShouldBe(VectorStoreFileStatus.Completed);

        await ChangeAsync(store, Fake);
        (await UntilAsync(store, "completed")).GetProperty("embedding_model").GetString().ShouldBe(Fake);
    }

    [Fact]
    public async Task Of_many_who_try_a_failed_change_or_a_failed_way_back_again_at_once_none_gets_in_the_others_way()
    {
        var (store, _) = await StoreAsync(TestDocuments.Text(40, "many who"));
        foreach (var script in new[] { "status=401", "headers=3000" }) Vendor.Enqueue(FakeScript.Do(script) with { When = IsAbout("many who") });
        await ChangeAsync(store, Fake, 88);
        await UntilAsync(store, "failed");
        await AllAtOnceAsync(() => Api.PostAsync(Of(store), new { embedding_model = Fake, dimensions = 88 }, Ct));
        await UntilAsync(store, "completed", Fake);

        (await Api.PostAsync($"{Of(store)}/reembedding/rollback", null, Ct)).Status.ShouldBe(200);
        await UntilAsync(store, "completed", Offline);
        (await Documents.UntilEndAsync(await Documents.AddAsync(store, TestDocuments.Text(30, "one more"), Ct), Ct)).Status.ShouldBe(VectorStoreFileStatus.Completed);
        foreach (var script in new[] { "status=401", "headers=3000" }) Vendor.Enqueue(FakeScript.Do(script) with { When = IsAbout("one more") });
        (await Api.PostAsync($"{Of(store)}/reembedding/rollback", null, Ct)).Status.ShouldBe(200);
        await UntilAsync(store, "failed");
        await AllAtOnceAsync(() => Api.PostAsync($"{Of(store)}/reembedding/rollback", null, Ct));
        await UntilAsync(store, "completed", Fake);

        async Task AllAtOnceAsync(Func<Task<Reply>> request)
        {
            foreach (var answer in await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => request()))) answer.Status.ShouldBe(200, answer.Text);
        }
    }

    [Fact]
    public async Task A_change_can_be_cancelled_and_leaves_nothing()
    {
        var (store, _) = await StoreAsync(TestDocuments.Text(40, "cancelling"));
        Vendor.Enqueue(FakeScript.Do("hang=headers") with { When = IsAbout("cancelling") });
        await ChangeAsync(store, Fake);
        await Vendor.WaitForAsync(IsAbout("cancelling"), Ct);
        (await Api.PostAsync(Of(store), new { embedding_model = Fake, dimensions = 12 }, Ct)).Code.ShouldBe("reembedding_in_progress");

        for (var i = 0; i < 2; i++) (await Api.PostAsync($"{Of(store)}/reembedding/cancel", null, Ct)).Ok.GetProperty("reembedding").GetProperty("status").GetString().ShouldBe("cancelled");
        await Vendor.WaitForAsync(request => IsAbout("cancelling")(request) && request.Outcome is RequestOutcome.ClientAborted, Ct);
        await ClearAsync();
        (await Api.GetAsync(Of(store), Ct)).Ok.GetProperty("embedding_model").GetString().ShouldBe(Offline);

        // The next begins anew.
        await ChangeAsync(store, Fake);
        await UntilAsync(store, "completed");
    }

    [Fact]
    public async Task What_a_worker_that_died_has_made_is_gone_on_with()
    {
        var (store, file) = await StoreAsync(TestDocuments.Text(1500, "dying"), new ChunkingStrategy(100, 0));
        file.ChunkCount.ShouldBeGreaterThan(128);
        var held = false;
        Vendor.Enqueue(FakeScript.Do("hang=headers") with { When = request => IsAbout("dying")(request) && !(held = !held) });
        await ChangeAsync(store, Fake, 64);
        await EventuallyAsync(async () => await VectorsAsync(store, 64, 2) > 0 && Vendor.Requests.Count(IsAbout("dying").Invoke) > 1 ? "begun" : null);
        var made = await VectorsAsync(store, 64, 2);

        await Documents.ScalarAsync<object>(
            $"UPDATE knowledge.reembeddings SET owner = 'dead', lease_until = now() - interval '1 second', epoch = epoch + 1 WHERE vector_store_id = '{store.Id.Value}' RETURNING id", Ct);
        await UntilAsync(store, "completed");
        (await VectorsAsync(store, 64, 2)).ShouldBe(file.ChunkCount);
        made.ShouldBeLessThan(file.ChunkCount);
    }

    [Fact]
    public async Task Old_vectors_go_when_nobody_can_go_back_to_them_any_more()
    {
        var (store, file) = await StoreAsync();
        await ChangeAsync(store, Fake, 72);
        await UntilAsync(store, "completed");
        await ClearAsync();
        (await VectorsAsync(store, 256, 1)).ShouldBe(file.ChunkCount);

        await Documents.ScalarAsync<object>($"UPDATE knowledge.vector_stores SET previous_until = now() - interval '1 second' WHERE id = '{store.Id.Value}' RETURNING id", Ct);
        await ClearAsync();
        (await VectorsAsync(store, 256, 1)).ShouldBe(0);
        (await VectorsAsync(store, 72, 2)).ShouldBe(file.ChunkCount);
        (await Api.PostAsync($"{Of(store)}/reembedding/rollback", null, Ct)).Code.ShouldBe("no_previous_model");
    }

    [Fact]
    public async Task Nothing_is_left_of_a_file_or_a_store_that_is_deleted_with_two_kinds_of_vectors()
    {
        var (store, file) = await StoreAsync();
        var other = await Documents.UntilEndAsync(await Documents.AddAsync(store, TestDocuments.Text(30, "other"), Ct), Ct);
        await ChangeAsync(store, Fake, 80);
        await UntilAsync(store, "completed");

        (await Api.DeleteAsync($"{Of(store)}/files/{file.FileId.ToWire()}", Ct)).Status.ShouldBe(200);
        (await VectorsAsync(store, 256, 1), await VectorsAsync(store, 80, 2)).ShouldBe((other.ChunkCount, other.ChunkCount));
        (await Api.DeleteAsync(Of(store), Ct)).Status.ShouldBe(200);
        await ClearAsync();
        (await VectorsAsync(store, 256, 1), await VectorsAsync(store, 80, 2)).ShouldBe((0, 0));
        (await Documents.ScalarAsync<long>($"SELECT count(*) FROM knowledge.reembeddings WHERE vector_store_id = '{store.Id.Value}'", Ct)).ShouldBe(0);
    }

    [Fact]
    public async Task What_cannot_be_changed_to_is_refused()
    {
        var (store, _) = await StoreAsync();
        (await Api.PostAsync(Of(store), new { embedding_model = "no-such-model" }, Ct)).Code.ShouldBe("model_not_found");
        (await Api.PostAsync(Of(store), new { dimensions = 64 }, Ct)).Status.ShouldBe(400);
        (await Api.PostAsync(Of(store), new { embedding_model = Fake, dimensions = 4001 }, Ct)).Status.ShouldBe(400);
        (await Api.PostAsync($"{Of(store)}/reembedding/rollback", null, Ct)).Code.ShouldBe("no_previous_model");
        (await Api.PostAsync($"{Of(store)}/reembedding/cancel", null, Ct)).Code.ShouldBe("no_reembedding");
        // The model it has is no change.
        (await Api.PostAsync(Of(store), new { embedding_model = Offline }, Ct)).Ok.TryGetProperty("reembedding", out _).ShouldBeFalse();

        var foreign = await Documents.CreateStoreAsync(Ct);
        foreach (var path in new[] { Of(foreign), $"{Of(foreign)}/reembedding/cancel", $"{Of(foreign)}/reembedding/rollback" })
            (await Api.PostAsync(path, new { embedding_model = Fake }, Ct)).Status.ShouldBe(404);
    }

    private static string Of(VectorStore store) => $"v1/vector_stores/{store.Id.ToWire()}";

    private static Func<RecordedRequest, bool> IsAbout(string mark) => request => request.Path.EndsWith("/embeddings", StringComparison.Ordinal) && request.Body.GetRawText().Contains(mark, StringComparison.Ordinal);

    private async Task<(VectorStore Store, VectorStoreFile File)> StoreAsync(string? text = null, ChunkingStrategy? chunking = null)
    {
        var workspace = await Documents.ScalarAsync<Guid>("SELECT workspace_id FROM identity.users ORDER BY created_at LIMIT 1", Ct);
        var store = await Documents.CreateStoreAsync(Ct, Ids.From<WorkspaceId>(workspace));
        var file = await Documents.UntilEndAsync(await Documents.AddAsync(store, text ?? TestDocuments.Text(60, Guid.NewGuid().ToString("n")), Ct, chunking: chunking), Ct);
        file.Status.ShouldBe(VectorStoreFileStatus.Completed, file.ErrorMessage);
        return (store, file);
    }

    private async Task ChangeAsync(VectorStore store, string model, int? dimensions = null)
    {
        var shown = (await Api.PostAsync(Of(store), dimensions is { } wanted ? new { embedding_model = model, dimensions = wanted } : new { embedding_model = model }, Ct)).Ok;
        // On a busy machine it may have ended by now.
        shown.GetProperty("reembedding").GetProperty("embedding_model").GetString().ShouldBe(model, shown.GetRawText());
    }

    private async Task<JsonElement> UntilAsync(VectorStore store, string status, string? model = null) => (await EventuallyAsync(async () =>
    {
        var shown = (await Api.GetAsync(Of(store), Ct)).Ok;
        var change = shown.GetProperty("reembedding");
        var now = change.GetProperty("status").GetString();
        if (now != status && now is "failed" or "cancelled") throw new InvalidOperationException(shown.GetRawText());
        return now == status && (model is null || change.GetProperty("embedding_model").GetString() == model) ? new Found(shown) : null;
    })).Store;

    private async Task<int> VectorsAsync(VectorStore store, int dimensions, int generation)
    {
        if (await Documents.ScalarAsync<object>($"SELECT to_regclass('knowledge.vectors_{dimensions}') IS NOT NULL", Ct) is not true) return 0;
        return (int)await Documents.ScalarAsync<long>($"SELECT count(*) FROM knowledge.vectors_{dimensions} WHERE vector_store_id = '{store.Id.Value}' AND generation = {generation}", Ct);
    }

    private async Task ClearAsync()
    {
        await using var scope = Platform.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CallerContext>().EnterSystem();
        await scope.ServiceProvider.GetRequiredService<IMediator>().Send(new ClearDeletedStores(), Ct);
    }

    private sealed record Found(JsonElement Store);
}
