#pragma warning disable OPENAI001 // The SDK calls its vector stores experimental.
using System.ClientModel;
using OpenAI.Files;
using OpenAI.VectorStores;

namespace AiPlatform.Integration.Tests.Documents;

/// <summary>The official .NET SDK, as a program would use it, with ingestion as it is.</summary>
public sealed class DocumentSdkTests(Platform platform) : PlatformTest(platform), IClassFixture<Platform>
{
    private OpenAIFileClient Files => Platform.Sdk().GetOpenAIFileClient();

    private VectorStoreClient Stores => Platform.Sdk().GetVectorStoreClient();

    [Fact]
    public async Task A_store_is_created_changed_listed_and_deleted()
    {
        var options = new VectorStoreCreationOptions { Name = "Handbook", ExpirationPolicy = new VectorStoreExpirationPolicy(VectorStoreExpirationAnchor.LastActiveAt, 7) };
        options.Metadata["topic"] = "tests";
        var store = (await Stores.CreateVectorStoreAsync(options, Ct)).Value;
        store.Id.ShouldStartWith("vs_");
        store.Status.ShouldBe(VectorStoreStatus.Completed);
        store.Metadata["topic"].ShouldBe("tests");
        store.ExpiresAt.ShouldBe(store.LastActiveAt + TimeSpan.FromDays(7));

        (await Stores.ModifyVectorStoreAsync(store.Id, new VectorStoreModificationOptions { Name = "Rules" }, Ct)).Value.Name.ShouldBe("Rules");
        (await Stores.GetVectorStoreAsync(store.Id, Ct)).Value.Name.ShouldBe("Rules");
        (await ToListAsync(Stores.GetVectorStoresAsync(new VectorStoreCollectionOptions { PageSizeLimit = 1 }, Ct))).ShouldContain(other => other.Id == store.Id);
        (await Stores.DeleteVectorStoreAsync(store.Id, Ct)).Value.Deleted.ShouldBeTrue();
        (await Should.ThrowAsync<ClientResultException>(() => Stores.GetVectorStoreAsync(store.Id, Ct))).Status.ShouldBe(404);
    }

    [Fact]
    public async Task A_file_is_uploaded_added_followed_until_it_is_ready_and_removed()
    {
        var store = (await Stores.CreateVectorStoreAsync(cancellationToken: Ct)).Value;
        var file = await UploadAsync("hours.md", "# Opening hours\n\nThe office opens at nine.");
        (await Stores.AddFileToVectorStoreAsync(store.Id, file, Ct)).Value.Status.ShouldBe(VectorStoreFileStatus.InProgress);

        var ready = await EventuallyAsync(async () =>
            (await Stores.GetVectorStoreFileAsync(store.Id, file, Ct)).Value is { } shown && shown.Status != VectorStoreFileStatus.InProgress ? shown : null);

        ready.Status.ShouldBe(VectorStoreFileStatus.Completed, ready.LastError?.Message);
        ready.LastError.ShouldBeNull();
        ready.ChunkingStrategy.ShouldBeOfType<StaticFileChunkingStrategy>().MaxTokensPerChunk.ShouldBe(800);
        (await ToListAsync(Stores.GetVectorStoreFilesAsync(store.Id, new VectorStoreFileCollectionOptions { Filter = VectorStoreFileStatusFilter.Completed }, Ct))).ShouldHaveSingleItem().FileId.ShouldBe(file);
        var full = (await Stores.GetVectorStoreAsync(store.Id, Ct)).Value;
        full.FileCounts.Completed.ShouldBe(1);
        full.UsageBytes.ShouldBeGreaterThan(0);
        (await Stores.RemoveFileFromVectorStoreAsync(store.Id, file, Ct)).Value.Removed.ShouldBeTrue();
        (await ToListAsync(Stores.GetVectorStoreFilesAsync(store.Id, cancellationToken: Ct))).ShouldBeEmpty();
        (await Files.GetFileAsync(file, Ct)).Value.Filename.ShouldBe("hours.md");
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_says_why()
    {
        var store = (await Stores.CreateVectorStoreAsync(cancellationToken: Ct)).Value;
        var file = await UploadAsync("broken.pdf", "%PDF-1.7 and nothing more");
        await Stores.AddFileToVectorStoreAsync(store.Id, file, Ct);

        var failed = await EventuallyAsync(async () =>
            (await Stores.GetVectorStoreFileAsync(store.Id, file, Ct)).Value is { } shown && shown.Status != VectorStoreFileStatus.InProgress ? shown : null);

        failed.Status.ShouldBe(VectorStoreFileStatus.Failed);
        failed.LastError.Code.ShouldBe(VectorStoreFileErrorCode.InvalidFile);
        failed.LastError.Message.ShouldNotBeNullOrWhiteSpace();
    }

    [Fact]
    public async Task A_batch_of_files_ends_when_all_are_ready()
    {
        var store = (await Stores.CreateVectorStoreAsync(cancellationToken: Ct)).Value;
        var files = new List<string>();
        for (var i = 0; i < 5; i++) files.Add(await UploadAsync($"{i}.txt", $"This is number {i}."));
        var batch = (await Stores.AddFileBatchToVectorStoreAsync(store.Id, files, Ct)).Value;
        batch.FileCounts.Total.ShouldBe(5);

        var done = await EventuallyAsync(async () =>
            (await Stores.GetVectorStoreFileBatchAsync(store.Id, batch.BatchId, Ct)).Value is { } shown && shown.Status != VectorStoreFileBatchStatus.InProgress ? shown : null);

        done.Status.ShouldBe(VectorStoreFileBatchStatus.Completed);
        done.FileCounts.Completed.ShouldBe(5);
        (await ToListAsync(Stores.GetVectorStoreFilesInBatchAsync(store.Id, batch.BatchId, new VectorStoreFileCollectionOptions { PageSizeLimit = 2 }, Ct)))
            .Select(file => file.FileId).Order().ShouldBe(files.Order());
        (await Stores.CancelVectorStoreFileBatchAsync(store.Id, batch.BatchId, Ct)).Value.Status.ShouldBe(VectorStoreFileBatchStatus.Completed);
    }

    private async Task<string> UploadAsync(string name, string text) =>
        (await Files.UploadFileAsync(BinaryData.FromString(text).ToStream(), name, FileUploadPurpose.Assistants, Ct)).Value.Id;

    private static async Task<List<T>> ToListAsync<T>(AsyncCollectionResult<T> pages)
    {
        var all = new List<T>();
        await foreach (var entry in pages) all.Add(entry);
        return all;
    }
}
