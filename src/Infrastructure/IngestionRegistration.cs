using AiPlatform.Application.Knowledge.Ingestion;
using AiPlatform.Infrastructure.Postgres;
using AiPlatform.Application.Knowledge.Extraction;
using AiPlatform.Application.Knowledge.Files;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

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
        // Stopped in reverse: leases are kept until the last file has been given back.
        services.AddHostedService<IngestionLeases>();
        services.AddHostedService<IngestionWorkers>();
        services.TryAddSingleton<IFileStorage, StandInStorage>();
        services.TryAddSingleton<IDocumentParser, StandInParser>();
        return services;
    }
}
