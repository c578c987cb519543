using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Knowledge.Ingestion;
using AiPlatform.Domain.Knowledge;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.Integration.Tests.Knowledge.Ingestion;

/// <summary>From a file in the queue to its vectors, with real workers on a real database.</summary>
public sealed class IngestionTests(Platform platform) : PlatformTest(platform), IClassFixture<Platform>
{
    private const string FakeModel = "fake-embedding";

    private TestDocuments Documents { get; } = new(platform.Services, platform.Database.ConnectionString);

    [Fact]
    public async Task A_file_is_ingested_with_all_its_chunks_and_vectors()
    {
        var store = await Documents.CreateStoreAsync(Ct);
        var file = await Documents.UntilEndAsync(await Documents.AddAsync(store, TestDocuments.Text(200), Ct), Ct);

        file.ShouldSatisfyAllConditions(
            () => file.Status.ShouldBe(VectorStoreFileStatus.Completed, file.ErrorMessage),
            () => file.Step.ShouldBe(IngestionStep.Switch),
            () => file.Progress.ShouldBe(1),
            () => file.ChunkCount.ShouldBeGreaterThan(2),
            () => file.UsageBytes.ShouldBeGreaterThan(file.ChunkCount * 512));
        await Documents.ShouldBeWholeAsync(Ct);
    }

    [Fact]
    public async Task The_first_vector_decides_the_dimensions_of_a_store_that_names_none()
    {
        var store = await Documents.CreateStoreAsync(Ct, dimensions: null);
        (await Documents.UntilEndAsync(await Documents.AddAsync(store, TestDocuments.Text(20), Ct), Ct)).Status.ShouldBe(VectorStoreFileStatus.Completed);

        (await Documents.ScalarAsync<int>($"SELECT dimensions FROM knowledge.vector_stores WHERE id = '{store.Id.Value}'", Ct)).ShouldBe(768);
        (await Documents.ScalarAsync<long>($"SELECT count(*) FROM knowledge.vectors_768 WHERE vector_store_id = '{store.Id.Value}'", Ct)).ShouldBe(1);
    }

    [Fact]
    public async Task A_file_that_is_refused_fails_at_once_with_the_reason()
    {
        var store = await Documents.CreateStoreAsync(Ct);
        var file = await Documents.UntilEndAsync(await Documents.AddAsync(store, "  \n\n ", Ct), Ct);

        (file.Status, file.ErrorCode).ShouldBe((VectorStoreFileStatus.Failed, "invalid_file"));
        file.ErrorMessage.ShouldNotBeNullOrEmpty();
        file.NextRetryAt.ShouldBeNull();
    }

    [Fact]
    public async Task A_vendor_that_fails_is_tried_again_with_the_reason_in_sight()
    {
        var mark = Guid.NewGuid().ToString("n");
        Vendor.Enqueue(FakeScript.Do("status=503") with { When = request => IsAbout(request, mark) });
        var store = await Documents.CreateStoreAsync(Ct, model: FakeModel);
        var added = await Documents.AddAsync(store, TestDocuments.Text(20, mark), Ct);

        var waiting = await Documents.UntilAsync(added, row => row.NextRetryAt is not null || row.Status is not VectorStoreFileStatus.InProgress, Ct);
        (waiting.Status, waiting.Step, waiting.ErrorCode).ShouldBe((VectorStoreFileStatus.InProgress, IngestionStep.Embed, "server_error"));
        waiting.ErrorMessage!.ShouldContain(FakeModel);
        var file = await Documents.UntilEndAsync(added, Ct);
        (file.Status, file.ErrorCode).ShouldBe((VectorStoreFileStatus.Completed, null));
    }

    [Theory]
    [InlineData("status=401", "refused the key")]
    [InlineData("status=404", "is not there")]
    public async Task A_vendor_that_will_not_change_its_mind_ends_it_and_a_retry_goes_on_from_there(string directive, string says)
    {
        var mark = Guid.NewGuid().ToString("n");
        Vendor.Enqueue(FakeScript.Do(directive) with { When = request => IsAbout(request, mark) });
        var store = await Documents.CreateStoreAsync(Ct, model: FakeModel, dimensions: null);
        var file = await Documents.UntilEndAsync(await Documents.AddAsync(store, TestDocuments.Text(20, mark), Ct), Ct);
        (file.Status, file.ErrorCode, file.Step).ShouldBe((VectorStoreFileStatus.Failed, "server_error", IngestionStep.Embed));
        file.ErrorMessage!.ShouldContain(says);

        var chunk = await Documents.ScalarAsync<long>($"SELECT min(id) FROM knowledge.chunks WHERE vector_store_file_id = '{file.Id.Value}'", Ct);
        await Documents.RetryAsync(file, Ct);
        (await Documents.UntilEndAsync(file, Ct)).Status.ShouldBe(VectorStoreFileStatus.Completed);
        (await Documents.ScalarAsync<long>($"SELECT min(id) FROM knowledge.chunks WHERE vector_store_file_id = '{file.Id.Value}'", Ct)).ShouldBe(chunk);
    }

    [Fact]
    public async Task A_model_that_is_gone_is_named()
    {
        var store = await Documents.CreateStoreAsync(Ct, model: "no-such-model");
        var file = await Documents.UntilEndAsync(await Documents.AddAsync(store, TestDocuments.Text(5), Ct), Ct);

        (file.Status, file.ErrorCode).ShouldBe((VectorStoreFileStatus.Failed, "server_error"));
        file.ErrorMessage!.ShouldContain("no-such-model");
    }

    [Fact]
    public async Task Equal_chunks_of_a_workspace_are_embedded_once()
    {
        var mark = Guid.NewGuid().ToString("n");
        var workspace = TestDocuments.NewWorkspace();
        var (one, other) = (await Documents.CreateStoreAsync(Ct, workspace, FakeModel), await Documents.CreateStoreAsync(Ct, workspace, FakeModel));
        await Documents.UntilEndAsync(await Documents.AddAsync(one, TestDocuments.Text(40, mark), Ct), Ct);
        var calls = Vendor.Requests.Count(request => IsAbout(request, mark));
        calls.ShouldBeGreaterThan(0);

        (await Documents.UntilEndAsync(await Documents.AddAsync(other, TestDocuments.Text(40, mark), Ct), Ct)).Status.ShouldBe(VectorStoreFileStatus.Completed);
        Vendor.Requests.Count(request => IsAbout(request, mark)).ShouldBe(calls);
        // Another workspace's are its own.
        var foreign = await Documents.CreateStoreAsync(Ct, model: FakeModel);
        await Documents.UntilEndAsync(await Documents.AddAsync(foreign, TestDocuments.Text(40, mark), Ct), Ct);
        Vendor.Requests.Count(request => IsAbout(request, mark)).ShouldBe(calls * 2);
        await Documents.ShouldBeWholeAsync(Ct);
    }

    [Fact]
    public async Task A_file_that_is_replaced_goes_with_the_switch_and_not_before()
    {
        var mark = Guid.NewGuid().ToString("n");
        var store = await Documents.CreateStoreAsync(Ct, model: FakeModel);
        var old = await Documents.UntilEndAsync(await Documents.AddAsync(store, TestDocuments.Text(40, "old"), Ct), Ct);
        Vendor.Enqueue(FakeScript.Do("headers=1500") with { When = request => IsAbout(request, mark) });
        var added = await Documents.AddAsync(store, TestDocuments.Text(40, mark), Ct, replaces: old.FileId);

        await Documents.UntilAsync(added, row => row.Step is IngestionStep.Embed, Ct);
        (await Documents.GetAsync(old, Ct)).Status.ShouldBe(VectorStoreFileStatus.Completed);
        (await Documents.UntilEndAsync(added, Ct)).Status.ShouldBe(VectorStoreFileStatus.Completed);
        (await Documents.ScalarAsync<long>($"SELECT count(*) FROM knowledge.vector_store_files WHERE vector_store_id = '{store.Id.Value}'", Ct)).ShouldBe(1);
        (await Documents.ScalarAsync<long>($"SELECT count(*) FROM knowledge.chunks WHERE vector_store_file_id = '{old.Id.Value}'", Ct)).ShouldBe(0);
        await Documents.ShouldBeWholeAsync(Ct);
    }

    [Fact]
    public async Task A_file_that_is_cancelled_is_let_go_within_a_moment_and_leaves_nothing_and_can_be_retried()
    {
        var mark = Guid.NewGuid().ToString("n");
        Vendor.Enqueue(FakeScript.Do("hang=headers") with { When = request => IsAbout(request, mark) });
        var store = await Documents.CreateStoreAsync(Ct, model: FakeModel);
        var file = await Documents.AddAsync(store, TestDocuments.Text(40, mark), Ct);
        await Vendor.WaitForAsync(request => IsAbout(request, mark), Ct);

        (await Documents.CancelAsync(Ct, file)).ShouldBe(1);
        (await Documents.CancelAsync(Ct, file)).ShouldBe(0);
        await Vendor.WaitForAsync(request => IsAbout(request, mark) && request.Outcome is RequestOutcome.ClientAborted, Ct);
        (await Documents.GetAsync(file, Ct)).Status.ShouldBe(VectorStoreFileStatus.Cancelled);
        (await Documents.ScalarAsync<long>($"SELECT count(*) FROM knowledge.chunks WHERE vector_store_file_id = '{file.Id.Value}'", Ct)).ShouldBe(0);

        await Documents.RetryAsync(file, Ct);
        (await Documents.UntilEndAsync(file, Ct)).Status.ShouldBe(VectorStoreFileStatus.Completed);
        await Documents.ShouldBeWholeAsync(Ct);
    }

    [Fact]
    public async Task Two_who_retry_at_once_are_one_retry()
    {
        var store = await Documents.CreateStoreAsync(Ct, model: "no-such-model");
        var file = await Documents.UntilEndAsync(await Documents.AddAsync(store, TestDocuments.Text(5), Ct), Ct);
        await Documents.ScalarAsync<object>($"UPDATE knowledge.vector_stores SET embedding_model = 'offline-embedding' WHERE id = '{store.Id.Value}' RETURNING id", Ct);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            try
            {
                await Documents.RetryAsync(file, Ct);
            }
            catch (Domain.Common.RuleBroken)
            {
                // It is in progress, or done, already.
            }
        }));
        var done = await Documents.UntilEndAsync(file, Ct);
        (done.Status, done.ErrorMessage).ShouldBe((VectorStoreFileStatus.Completed, null));
        await Documents.ShouldBeWholeAsync(Ct);
    }

    [Fact]
    public async Task A_file_over_which_three_workers_died_fails_with_the_reason_and_is_taken_from_one_that_lives()
    {
        var mark = Guid.NewGuid().ToString("n");
        Vendor.Enqueue(FakeScript.Do("hang=headers") with { When = request => IsAbout(request, mark) });
        var store = await Documents.CreateStoreAsync(Ct, model: FakeModel);
        var added = await Documents.AddAsync(store, TestDocuments.Text(20, mark), Ct);
        await Vendor.WaitForAsync(request => IsAbout(request, mark), Ct);

        // As if two had died over it, and the third just now.
        await Documents.ScalarAsync<object>(
            $"UPDATE knowledge.vector_store_files SET owner = 'dead', lease_until = now() - interval '1 second', epoch = epoch + 1, crashes = 2 WHERE id = '{added.Id.Value}' RETURNING id", Ct);
        var file = await Documents.UntilEndAsync(added, Ct);
        (file.Status, file.ErrorCode, file.Step).ShouldBe((VectorStoreFileStatus.Failed, "server_error", IngestionStep.Embed));
        file.ErrorMessage!.ShouldContain("ended the worker 3 times");
        await Vendor.WaitForAsync(request => IsAbout(request, mark) && request.Outcome is RequestOutcome.ClientAborted, Ct);
        await Documents.RetryAsync(file, Ct);
        (await Documents.UntilEndAsync(file, Ct)).Status.ShouldBe(VectorStoreFileStatus.Completed);
    }

    [Fact]
    public async Task A_row_that_is_deleted_while_it_is_worked_on_leaves_nothing()
    {
        var mark = Guid.NewGuid().ToString("n");
        Vendor.Enqueue(FakeScript.Do("headers=700") with { When = request => IsAbout(request, mark) });
        var store = await Documents.CreateStoreAsync(Ct, model: FakeModel);
        var file = await Documents.AddAsync(store, TestDocuments.Text(40, mark), Ct);
        await Vendor.WaitForAsync(request => IsAbout(request, mark), Ct);

        await Documents.ScalarAsync<object>($"DELETE FROM knowledge.vector_store_files WHERE id = '{file.Id.Value}' RETURNING id", Ct);
        Platform.Services.GetRequiredService<IStoreChanges>().Happened(store.Id);
        await EventuallyAsync(() => Platform.Log.Entries.FirstOrDefault(entry => entry.Message.Contains($"{file.Id.Value} was taken", StringComparison.Ordinal)));
        (await Documents.ScalarAsync<long>($"SELECT count(*) FROM knowledge.chunks WHERE vector_store_id = '{store.Id.Value}'", Ct)).ShouldBe(0);
    }

    [Fact]
    public async Task What_a_deleted_store_has_is_cleared_away_in_slices()
    {
        var store = await Documents.CreateStoreAsync(Ct);
        await Documents.UntilEndAsync(await Documents.AddAsync(store, TestDocuments.Text(2500), Ct, chunking: new ChunkingStrategy(100, 50)), Ct);
        (await Documents.ScalarAsync<long>($"SELECT count(*) FROM knowledge.chunks WHERE vector_store_id = '{store.Id.Value}'", Ct)).ShouldBeGreaterThan(300);
        await Documents.ScalarAsync<object>($"UPDATE knowledge.vector_stores SET deleted_at = now() WHERE id = '{store.Id.Value}' RETURNING id", Ct);

        await using (var scope = Platform.Services.CreateAsyncScope())
        {
            scope.ServiceProvider.GetRequiredService<CallerContext>().EnterSystem();
            await scope.ServiceProvider.GetRequiredService<IMediator>().Send(new ClearDeletedStores(), Ct);
        }

        foreach (var table in new[] { "vector_stores WHERE id", "vector_store_files WHERE vector_store_id", "chunks WHERE vector_store_id", "vectors_256 WHERE vector_store_id" })
            (await Documents.ScalarAsync<long>($"SELECT count(*) FROM knowledge.{table} = '{store.Id.Value}'", Ct)).ShouldBe(0, table);
    }

    [Fact]
    public async Task The_most_dimensions_there_can_be_are_indexed()
    {
        var store = await Documents.CreateStoreAsync(Ct, model: FakeModel, dimensions: 4000);
        (await Documents.UntilEndAsync(await Documents.AddAsync(store, TestDocuments.Text(20), Ct), Ct)).Status.ShouldBe(VectorStoreFileStatus.Completed);

        var more = await Documents.CreateStoreAsync(Ct, model: FakeModel, dimensions: 4001);
        var file = await Documents.UntilEndAsync(await Documents.AddAsync(more, TestDocuments.Text(20), Ct), Ct);
        file.Status.ShouldBe(VectorStoreFileStatus.Failed);
        file.ErrorMessage!.ShouldContain("4000");
    }

    [Fact]
    public async Task Changes_of_a_store_are_told_to_who_watches_it()
    {
        var store = await Documents.CreateStoreAsync(Ct);
        using var watch = Platform.Services.GetRequiredService<IStoreChanges>().Watch(store.Id);
        var next = watch.NextAsync(TimeSpan.FromMinutes(1), Ct);
        next.IsCompleted.ShouldBeFalse();
        var file = await Documents.AddAsync(store, TestDocuments.Text(20), Ct);
        await next.WaitAsync(TimeSpan.FromSeconds(30), Ct);
        await Documents.UntilEndAsync(file, Ct);
    }

    [Fact]
    public async Task The_health_page_shows_the_queue()
    {
        var check = (await Api.GetAsync("health", Ct)).Json.GetProperty("checks").GetProperty("ingestion");

        check.GetProperty("status").GetString().ShouldBe("healthy");
        check.GetProperty("data").GetProperty("waiting").GetInt32().ShouldBeGreaterThanOrEqualTo(0);
        check.GetProperty("data").GetProperty("dead_workers_files").GetInt32().ShouldBe(0);
    }

    private static bool IsAbout(RecordedRequest request, string mark) =>
        request.Path == "/v1/embeddings" && request.Body.ValueKind is not System.Text.Json.JsonValueKind.Undefined && request.Body.GetRawText().Contains(mark, StringComparison.Ordinal);
}
