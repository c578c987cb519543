using AiPlatform.Application.Knowledge.Ingestion;
using AiPlatform.Domain.Knowledge;

namespace AiPlatform.Integration.Tests.Documents;

/// <summary>What happens at the same moment: each file, batch and store ends in one state, and nobody is told of a failure that was none.</summary>
public sealed class ConcurrentChangeTests(IdlePlatform platform) : VectorStoreTest(platform), IClassFixture<IdlePlatform>
{
    private const int Rounds = 12;

    [Fact]
    public async Task All_who_attach_the_same_file_get_the_same_object()
    {
        for (var round = 0; round < Rounds; round++)
        {
            var (store, file) = (await StoreAsync(), await FileAsync());
            var replies = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Api.PostAsync($"{Of(store)}/files", new { file_id = file, attributes = new { a = 1 } }, Ct)));

            replies.Select(reply => reply.Status).ShouldAllBe(status => status == 200, string.Join('\n', replies.Select(reply => reply.Text)));
            replies.Select(reply => reply.Text).Distinct().ShouldHaveSingleItem();
            (await SqlAsync($"SELECT count(*) FROM knowledge.vector_store_files WHERE vector_store_id = '{Uuid(store)}'")).ShouldBe(1L);
        }
    }

    [Fact]
    public async Task Batches_of_the_same_files_in_other_orders_do_not_stop_each_other()
    {
        var files = await FilesAsync(60);
        for (var round = 0; round < Rounds; round++)
        {
            var store = await StoreAsync();
            var replies = await Task.WhenAll(
                BatchAsync(store, files), BatchAsync(store, files.AsEnumerable().Reverse()), BatchAsync(store, files[..33]), BatchAsync(store, files[20..].AsEnumerable().Reverse()));

            replies.Select(reply => reply.Status).ShouldAllBe(status => status == 200, string.Join('\n', replies.Select(reply => reply.Text)));
            (await GetAsync(Of(store))).GetProperty("file_counts").GetProperty("in_progress").GetInt32().ShouldBe(60);
        }

        Task<Reply> BatchAsync(string store, IEnumerable<string> some) => Api.PostAsync($"{Of(store)}/file_batches", new { file_ids = some }, Ct);
    }

    [Fact]
    public async Task A_store_that_is_deleted_while_files_are_attached_has_nothing_left_to_do()
    {
        for (var round = 0; round < Rounds; round++)
        {
            var (store, files) = (await StoreAsync(), await FilesAsync(6));
            var attaching = files.Select(file => Api.PostAsync($"{Of(store)}/files", new { file_id = file }, Ct)).ToList();
            var deleted = await Api.DeleteAsync(Of(store), Ct);
            var replies = await Task.WhenAll(attaching);

            deleted.Status.ShouldBe(200);
            foreach (var reply in replies) reply.Status.ShouldBeOneOf(200, 404);
            (await SqlAsync($"SELECT count(*) FROM knowledge.vector_store_files WHERE vector_store_id = '{Uuid(store)}' AND status = 'in_progress'")).ShouldBe(0L);
        }
    }

    [Fact]
    public async Task What_is_deleted_in_mid_work_is_lost_to_its_worker()
    {
        var (store, files) = (await StoreAsync(), await FilesAsync(3));
        foreach (var file in files) await AttachAsync(store, file);
        var claimed = (await ClaimAllAsync()).Where(file => file.VectorStoreId.Value == Uuid(store)).ToDictionary(file => file.FileId.Value);

        await Api.DeleteAsync(Of(store, files[0]), Ct);
        await Should.ThrowAsync<FileLost>(ReportAsync(claimed[Uuid(files[0])], 0.5));
        await Should.ThrowAsync<FileLost>(Log.CompleteAsync(claimed[Uuid(files[0])], Ct));
        await AttachAsync(store, files[0]);
        await Should.ThrowAsync<FileLost>(Log.CompleteAsync(claimed[Uuid(files[0])], Ct));
        await ReportAsync(claimed[Uuid(files[1])], 0.5);

        await Api.DeleteAsync(Of(store), Ct);
        await Should.ThrowAsync<FileLost>(Log.CompleteAsync(claimed[Uuid(files[1])], Ct));
        (await SqlAsync($"SELECT count(*) FROM knowledge.vector_store_files WHERE vector_store_id = '{Uuid(store)}' AND status IN ('completed', 'in_progress')")).ShouldBe(0L);
    }

    [Fact]
    public async Task Attributes_and_progress_are_written_at_the_same_time_and_both_stay()
    {
        var (store, file) = (await StoreAsync(), await FileAsync());
        await AttachAsync(store, file);
        var claimed = await Log.BeginNextAsync(await ClaimAsync(store, file), IngestionStep.Embed, Ct);

        await Task.WhenAll(WorkAsync(), ChangeAsync());

        var shown = await GetAsync(Of(store, file));
        shown.GetProperty("progress").GetDouble().ShouldBe(0.8);
        shown.GetProperty("attributes").GetRawText().ShouldBe("""{"n":50}""");
        await Log.CompleteAsync(claimed, Ct);
        (await GetAsync(Of(store, file))).GetProperty("attributes").GetRawText().ShouldBe("""{"n":50}""");

        async Task WorkAsync()
        {
            for (var i = 1; i <= 50; i++) await ReportAsync(claimed, i / 50.0);
        }

        async Task ChangeAsync()
        {
            for (var i = 1; i <= 50; i++) (await Api.PostAsync(Of(store, file), new { attributes = new { n = i } }, Ct)).Status.ShouldBe(200);
        }
    }

    [Fact]
    public async Task A_batch_that_is_cancelled_while_its_files_are_completed_ends_once()
    {
        for (var round = 0; round < Rounds; round++)
        {
            var (store, files) = (await StoreAsync(), await FilesAsync(6));
            var path = $"{Of(store)}/file_batches/{(await Api.PostAsync($"{Of(store)}/file_batches", new { file_ids = files }, Ct)).Ok.GetProperty("id").GetString()}";
            var claimed = (await ClaimAllAsync()).Where(file => file.VectorStoreId.Value == Uuid(store)).ToList();
            var completing = claimed.Select(async file =>
            {
                try
                {
                    await Log.CompleteAsync(file, Ct);
                    return file.FileId.Value;
                }
                catch (FileLost)
                {
                    return Guid.Empty;
                }
            }).ToList();
            var answer = (await Api.PostAsync($"{path}/cancel", null, Ct)).Ok;
            var completed = (await Task.WhenAll(completing)).Where(file => file != Guid.Empty).ToList();

            var batch = await GetAsync(path);
            batch.GetRawText().ShouldBe(answer.GetRawText());
            batch.GetProperty("file_counts").GetProperty("completed").GetInt32().ShouldBe(completed.Count);
            batch.GetProperty("file_counts").GetProperty("cancelled").GetInt32().ShouldBe(6 - completed.Count);
            StatusOf(batch).ShouldBe(completed.Count == 6 ? "completed" : "cancelled");
            IdsOf(await GetAsync($"{path}/files?filter=completed")).Select(Uuid).Order().ShouldBe(completed.Order());
        }
    }

    [Fact]
    public async Task Of_several_who_retry_one_begins_and_the_file_is_worked_on_once()
    {
        for (var round = 0; round < Rounds; round++)
        {
            var (store, file) = (await StoreAsync(), await FileAsync());
            await AttachAsync(store, file);
            await FailAsync(store, file);
            var replies = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => i % 2 == 0
                ? Api.PostAsync($"{Of(store, file)}/retry", null, Ct)
                : Api.PostAsync($"{Of(store)}/files", new { file_id = file }, Ct)));

            foreach (var reply in replies) reply.Status.ShouldBeOneOf(200, 409);
            replies.ShouldContain(reply => reply.Status == 200);
            (await ClaimAllAsync()).Count(claimed => claimed.FileId.Value == Uuid(file)).ShouldBe(1);
        }
    }
}
