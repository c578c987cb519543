using AiPlatform.Application.Inference.Contracts;
using AiPlatform.Infrastructure.Tokenizers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AiPlatform.Infrastructure.ModelProviders.Offline;

internal static class OfflineRegistration
{
    /// <summary>Adds what works without any vendor: the tokeniser and the offline models.</summary>
    public static IServiceCollection AddOfflineModels(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ITokenCounter, TokenCounter>();
        return services.AddSingleton<IModelProvider, OfflineProvider>();
    }
}
