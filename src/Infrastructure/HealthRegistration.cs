using AiPlatform.Infrastructure.Files;
using AiPlatform.Infrastructure.ModelProviders;
using AiPlatform.Infrastructure.Postgres;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.Infrastructure;

public static class HealthRegistration
{
    /// <summary>The database, which readiness depends on, and the model vendors, the file storage and the queue of files, which it does not.</summary>
    public static IHealthChecksBuilder AddInfrastructureChecks(this IHealthChecksBuilder checks, string readyTag) => checks
        .AddCheck<DatabaseHealth>("database", tags: [readyTag], timeout: TimeSpan.FromSeconds(5))
        .AddCheck<ModelHealth>("models", timeout: TimeSpan.FromSeconds(15))
        .AddCheck<FileStorageHealth>("files", timeout: TimeSpan.FromSeconds(5))
        .AddCheck<IngestionHealth>("ingestion", timeout: TimeSpan.FromSeconds(5));
}
