using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AiPlatform.Infrastructure.Files;

/// <summary>Whether contents of files can be kept. Without them the platform is degraded, not unready: the rest serves.</summary>
internal sealed class FileStorageHealth(ICheckedStorage storage) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await storage.CheckAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception e) when (e is ConfigurationError or IOException || S3FileStorage.IsFailure(e) || e is OperationCanceledException)
        {
            // The reason may name what is inside; this page is public.
            return HealthCheckResult.Degraded("The file storage does not work.");
        }
    }
}
