using AiPlatform.Application.Inference.Contracts;
using AiPlatform.Infrastructure.ModelProviders.Anthropic;
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
        services.AddSingleton(_ => VendorHandler(options.Timeouts));
        foreach (var (name, settings) in options.Providers)
            services.AddSingleton(provider => Create(name, settings, provider.GetRequiredService<SocketsHttpHandler>(), provider.GetRequiredService<TimeProvider>()));
        services.AddOfflineModels();
        services.AddSingleton<ModelRegistry>();
        services.AddSingleton(options.Timeouts);
        services.AddSingleton<IEmbeddings, GuardedEmbeddings>();
        services.AddSingleton<IRerankers, LoggingRerankers>();
        services.AddSingleton<ModelCatalogue>();
        services.AddSingleton<IModelCatalogue>(provider => provider.GetRequiredService<ModelCatalogue>());
        return services.AddSingleton(ComposeChatModel);
    }

    /// <summary>A model call from the outside in: log it, time it, hand it to its provider.</summary>
    private static IChatModel ComposeChatModel(IServiceProvider provider)
    {
        var clock = provider.GetRequiredService<TimeProvider>();
        IChatModel model = provider.GetRequiredService<ModelRegistry>();
        model = new TimeoutChatModel(model, provider.GetRequiredService<TimeoutOptions>(), clock);
        return new LoggingChatModel(model, clock, provider.GetRequiredService<ILogger<LoggingChatModel>>());
    }

    private static IModelProvider Create(string name, ProviderOptions settings, SocketsHttpHandler handler, TimeProvider clock) => settings.Type switch
    {
        "anthropic" => new AnthropicProvider(name, settings, handler, clock),
        _ => new OpenAiProvider(new OpenAiConnection(name, settings, handler), clock),
    };

    /// <summary>The sockets to all vendors. Only the connect timeout is theirs; the other three are <see cref="TimeoutChatModel"/>'s.</summary>
    private static SocketsHttpHandler VendorHandler(TimeoutOptions timeouts) => new()
    {
        ConnectTimeout = timeouts.Connect,
        // A stream that is left must end at the vendor at once, not after the rest was drained.
        ResponseDrainTimeout = TimeSpan.Zero,
        // A vendor that redirects would be sent the key at another address.
        AllowAutoRedirect = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    };
}
