using AiPlatform.Application.Inference.Contracts;
using AiPlatform.Infrastructure.ModelProviders.Offline;
using AiPlatform.Infrastructure.ModelProviders.OpenAi;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Infrastructure.ModelProviders;

public static class ModelProviderRegistration
{
    public static IServiceCollection AddModelProviders(this IServiceCollection services, IConfiguration configuration)
    {
        var options = ProviderSources.Read(configuration);
        services.AddSingleton(options);
        services.AddSingleton(_ => VendorHttp(options.Timeouts));
        foreach (var (name, settings) in options.Providers)
            services.AddSingleton(provider => Create(name, settings, provider.GetRequiredService<HttpClient>(), provider.GetRequiredService<TimeProvider>()));
        services.AddOfflineModels();
        services.AddSingleton<ModelRegistry>();
        services.AddSingleton<IEmbeddings>(provider => provider.GetRequiredService<ModelRegistry>());
        services.AddSingleton<ModelCatalogue>();
        services.AddSingleton<IModelCatalogue>(provider => provider.GetRequiredService<ModelCatalogue>());
        return services.AddSingleton(ComposeChatModel);
    }

    /// <summary>A model call from the outside in: log it, time it, hand it to its provider.</summary>
    private static IChatModel ComposeChatModel(IServiceProvider provider)
    {
        var clock = provider.GetRequiredService<TimeProvider>();
        IChatModel model = provider.GetRequiredService<ModelRegistry>();
        model = new TimeoutChatModel(model, provider.GetRequiredService<InferenceOptions>().Timeouts, clock);
        return new LoggingChatModel(model, clock, provider.GetRequiredService<ILogger<LoggingChatModel>>());
    }

    private static IModelProvider Create(string name, ProviderOptions settings, HttpClient http, TimeProvider clock) => settings.Type switch
    {
        _ => new OpenAiProvider(new OpenAiConnection(name, settings, http), clock),
    };

    private static HttpClient VendorHttp(TimeoutOptions timeouts) => new(new SocketsHttpHandler
    {
        ConnectTimeout = timeouts.Connect,
        // A vendor that redirects would be sent the key at another address.
        AllowAutoRedirect = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };
}
