using AiPlatform.Application.Inference.Contracts;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AiPlatform.Infrastructure.ModelProviders;

/// <summary>Whether each vendor could be asked for its models. One that could not makes the platform degraded, not unready: the others still serve.</summary>
internal sealed class ModelHealth(ModelCatalogue catalogue) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        await catalogue.ListAsync(cancellationToken);
        var known = catalogue.Known.Where(provider => provider is not { IsGuess: true, Problem: not null }).ToList();
        // Codes, not sentences: this page is public, and a sentence may name an address inside.
        var data = known.ToDictionary(provider => provider.Name, object (provider) => provider.ProblemCode ?? $"{provider.Models.Count} models");
        var broken = known.Where(provider => provider.Problem is not null).Select(provider => provider.Name).ToList();
        return broken.Count == 0
            ? HealthCheckResult.Healthy(data: data)
            : HealthCheckResult.Degraded($"Cannot be asked for models: {string.Join(", ", broken)}.", data: data);
    }
}
