using AiPlatform.Application.Knowledge.Ingestion;
using AiPlatform.Application.Knowledge.Reembeddings;
using AiPlatform.Infrastructure.Postgres;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.Infrastructure;

public static class IngestionRegistration
{
    /// <summary>The queue of files to be ingested, and in this process as many workers on it as <c>Knowledge:Workers</c> says.</summary>
    public static IServiceCollection AddIngestion(this IServiceCollection services)
    {
        services.AddSingleton<DocumentSignals>();
        services.AddSingleton<IStoreChanges>(provider => provider.GetRequiredService<DocumentSignals>());
        services.AddScoped<IIngestionQueue, IngestionQueue>();
        services.AddSingleton<VectorTables>();
        services.AddSingleton<IChunkStore, ChunkStore>();
        services.AddSingleton<IIngestionLog, IngestionLog>();
        services.AddSingleton<IngestionQueueState>();
        services.AddSingleton<IReembeddingLog, ReembeddingLog>();
        services.AddSingleton<IReembeddingVectors, ReembeddingVectors>();
        services.AddSingleton<IStoreClearing, StoreClearing>();
        // Stopped in reverse: leases are kept until the last file has been given back.
        services.AddHostedService<IngestionLeases>();
        services.AddHostedService<IngestionWorkers>();
        services.AddHostedService<ReembeddingWorker>();
        return services;
    }
}
