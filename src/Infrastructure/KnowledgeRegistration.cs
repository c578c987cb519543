using AiPlatform.Application.Knowledge;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.Infrastructure;

public static class KnowledgeRegistration
{
    private const int MostWorkers = 64;

    /// <summary>The settings of files and vector stores, checked before anything starts.</summary>
    public static IServiceCollection AddKnowledgeOptions(this IServiceCollection services, IConfiguration configuration)
    {
        KnowledgeOptions options;
        try
        {
            options = configuration.GetSection(KnowledgeOptions.Section).Get<KnowledgeOptions>() ?? new KnowledgeOptions();
        }
        catch (InvalidOperationException e)
        {
            throw new ConfigurationError($"A setting under Knowledge cannot be read: {e.Message}");
        }

        Require(!string.IsNullOrWhiteSpace(options.EmbeddingModel), "Knowledge__EmbeddingModel must name a model; GET /v1/models lists them.");
        Require(options.MaxFileBytes > 0, "Knowledge__MaxFileBytes must be at least 1.");
        Require(options.Workers is >= 0 and <= MostWorkers, $"Knowledge__Workers must be from 0 (this process ingests nothing) to {MostWorkers}.");
        return services.AddSingleton(options);
    }

    private static void Require(bool holds, string message)
    {
        if (!holds) throw new ConfigurationError(message);
    }
}
