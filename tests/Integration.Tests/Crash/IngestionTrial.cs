using AiPlatform.Application;
using AiPlatform.Domain.Knowledge;
using AiPlatform.Infrastructure;
using AiPlatform.Infrastructure.Files;
using AiPlatform.Infrastructure.Postgres;
using AiPlatform.Integration.Tests.Knowledge.Ingestion;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Xunit.Abstractions;

namespace AiPlatform.Integration.Tests.Crash;

/// <summary>Documents that two servers ingest, put into their queue from outside: so that no server need live for it.</summary>
public abstract class IngestionTrial : ProcessTest
{
    protected const string EmbeddingModel = "fake-embedding";
    protected const int Dimensions = 256;

    // So many that each step takes its time.
    protected const int Sentences = 3000;
    protected static readonly ChunkingStrategy SmallChunks = new(100, 0);

    private readonly Lazy<ServiceProvider> _services;

    protected IngestionTrial(ServerPair servers, ITestOutputHelper output) : base(servers, output) => _services = new(() => Build(servers.Database));

    protected TestDocuments Documents => new(_services.Value, Servers.Database);

    protected Task<VectorStore> CreateStoreAsync() => Documents.CreateStoreAsync(Ct, model: EmbeddingModel, dimensions: Dimensions);

    /// <summary>Waits until a server has the file in hand as asked for, and returns the server's place.</summary>
    protected async Task<int> UntilInHandAsync(VectorStoreFile file, Func<VectorStoreFile, bool> isSo) =>
        (await UntilInHandOrDoneAsync(file, isSo)).ShouldNotBeNull("It was done before it could be disturbed.");

    /// <summary>The same, or nothing where the file was completed before it was seen so.</summary>
    protected async Task<int?> UntilInHandOrDoneAsync(VectorStoreFile file, Func<VectorStoreFile, bool> isSo)
    {
        var row = await Documents.UntilAsync(file, row => (row.Owner is not null && isSo(row)) || row.Status is not VectorStoreFileStatus.InProgress, Ct);
        if (row.Status is VectorStoreFileStatus.Completed) return null;
        row.Status.ShouldBe(VectorStoreFileStatus.InProgress, row.ErrorMessage);
        return Servers.PlaceOf(row.Owner!);
    }

    protected async Task ShouldAllBeCompletedAsync(IEnumerable<VectorStoreFile> files)
    {
        foreach (var file in files)
        {
            var end = await Documents.UntilEndAsync(file, Ct);
            end.Status.ShouldBe(VectorStoreFileStatus.Completed, end.ErrorMessage);
        }

        await Documents.ShouldBeWholeAsync(Ct, Dimensions);
    }

    private static ServiceProvider Build(string database)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
        [
            new("ConnectionStrings:Postgres", database), new("Knowledge:Storage:Folder", ServerSettings.FileFolder), new("Knowledge:Workers", "0"),
        ]).Build();
        return new ServiceCollection().AddLogging().AddApplication().AddModuleOptions(configuration).AddPostgres(configuration).AddIngestion().AddFileStorage(configuration).BuildServiceProvider();
    }
}
