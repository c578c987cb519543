using System.Text.Json;
using AiPlatform.Application.Common;
using AiPlatform.Infrastructure;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AiPlatform.Api.Health;

/// <summary>
/// <c>/health/live</c>: the process runs. <c>/health/ready</c>: it can take requests (database there, not stopping). <c>/health</c>: both, and each
/// vendor. Names and times only, nothing secret, so that probes need no key.
/// </summary>
internal static class PlatformHealth
{
    private const string Ready = "ready";
    private static readonly JsonSerializerOptions Json = WireJson.Configure(new JsonSerializerOptions());

    public static IServiceCollection AddPlatformHealth(this IServiceCollection services)
    {
        services.AddHealthChecks().AddCheck<NotStopping>("server", tags: [Ready]).AddInfrastructureChecks(Ready);
        return services;
    }

    public static void MapPlatformHealth(this WebApplication app)
    {
        Map(app, "/health/live", _ => false);
        Map(app, "/health/ready", check => check.Tags.Contains(Ready));
        Map(app, "/health", _ => true);
    }

    private static void Map(WebApplication app, string path, Func<HealthCheckRegistration, bool> which) =>
        app.MapHealthChecks(path, new HealthCheckOptions { Predicate = which, ResponseWriter = WriteAsync, AllowCachingResponses = false }).ShortCircuit();

    private static Task WriteAsync(HttpContext context, HealthReport report) => context.Response.WriteAsJsonAsync(
        new
        {
            Status = Name(report.Status),
            Checks = report.Entries.ToDictionary(
                entry => entry.Key,
                entry => new { Status = Name(entry.Value.Status), entry.Value.Description, DurationMs = Math.Round(entry.Value.Duration.TotalMilliseconds, 1), entry.Value.Data }),
        },
        Json);

    private static string Name(HealthStatus status) => status.ToString().ToLowerInvariant();
}

internal sealed class NotStopping(IHostApplicationLifetime lifetime) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        lifetime.ApplicationStopping.IsCancellationRequested ? HealthCheckResult.Unhealthy("The server is shutting down.") : HealthCheckResult.Healthy());
}
