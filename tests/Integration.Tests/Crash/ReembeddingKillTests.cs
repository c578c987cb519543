using AiPlatform.Domain.Common;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Knowledge;
using AiPlatform.Integration.Tests.Knowledge.Ingestion;
using Xunit.Abstractions;

namespace AiPlatform.Integration.Tests.Crash;

/// <summary>A server that is killed while it makes a store's new vectors: the other goes on from there, and every chunk has one of them.</summary>
[Collection(IngestionTrials.Name)]
public sealed class ReembeddingKillTests(ServerPair servers, ITestOutputHelper output) : IngestionTrial(servers, output)
{
    private const int NewDimensions = 128;

    [Fact]
    public async Task A_change_of_model_of_a_server_that_is_killed_is_completed_by_the_other()
    {
        // A server's death shows when its lease ends; the sample has ReembeddingTests with a death that is only told.
        if (!Trials.IsFull) return;
        for (var trial = 0; trial < 5; trial++) await KillAsync();
    }

    private async Task KillAsync()
    {
        await Servers.EnsureRunningAsync(Ct);
        var workspace = await Documents.ScalarAsync<Guid>("SELECT workspace_id FROM identity.users ORDER BY created_at LIMIT 1", Ct);
        var store = await Documents.CreateStoreAsync(Ct, Ids.From<WorkspaceId>(workspace), EmbeddingModel, Dimensions);
        var file = await Documents.UntilEndAsync(await Documents.AddAsync(store, TestDocuments.Text(Sentences, Guid.NewGuid().ToString("n")), Ct, chunking: SmallChunks), Ct);
        file.Status.ShouldBe(VectorStoreFileStatus.Completed, file.ErrorMessage);
        Vendor.Standing = FakeDirective.Parse("headers=300");
        try
        {
            (await Servers[0].Api.PostAsync($"v1/vector_stores/{store.Id.ToWire()}", new { embedding_model = EmbeddingModel, dimensions = NewDimensions }, Ct)).Status.ShouldBe(200);
            await WaitUntilAsync(async () => await OfChangeAsync<int>("done") > 0);
            var owner = await OfChangeAsync<string>("owner");
            var place = Servers.PlaceOf(owner);
            await Task.Delay(Random.Shared.Next(0, 400), Ct);
            await Servers[place].KillAsync(Ct);
            var done = await OfChangeAsync<int>("done");
            (await OfChangeAsync<string>("status")).ShouldBe("in_progress", "It was done before it could be disturbed.");

            await WaitUntilAsync(async () => await OfChangeAsync<string>("status") != "in_progress");

            (await OfChangeAsync<string>("status")).ShouldBe("completed");
            var vectors = $"SELECT count(*) FROM knowledge.vectors_{NewDimensions} v JOIN knowledge.vector_stores s ON s.id = v.vector_store_id AND s.generation = v.generation WHERE s.id = '{store.Id.Value}'";
            (await Documents.ScalarAsync<long>(vectors, Ct)).ShouldBe(file.ChunkCount);
            (await Servers[1 - place].Api.PostAsync($"v1/vector_stores/{store.Id.ToWire()}/search", new { query = "sentence" }, Ct)).Ok.GetProperty("data").GetArrayLength().ShouldBeGreaterThan(0);
            Output.WriteLine($"Killed after {done} of {file.ChunkCount} vectors, taken {await OfChangeAsync<int>("epoch") - 1} times");
        }
        finally
        {
            Vendor.Standing = null;
        }

        Task<T> OfChangeAsync<T>(string column) => Documents.ScalarAsync<T>($"SELECT {column} FROM knowledge.reembeddings WHERE vector_store_id = '{store.Id.Value}'", Ct);
    }
}
