using System.Net;
using AiPlatform.Api.Auth;
using AiPlatform.Api.Edge;
using AiPlatform.Api.Errors;
using AiPlatform.Api.Health;
using AiPlatform.Api.OpenApi;
using AiPlatform.Api.Streaming;
using AiPlatform.Api.WebSockets;
using AiPlatform.Application.Common;
using AiPlatform.Application.Inference.Contracts;
using AiPlatform.Domain.Identity;
using AiPlatform.Infrastructure;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace AiPlatform.Api.Hosting;

internal static class EdgeRegistration
{
    public static IServiceCollection AddEdge(this IServiceCollection services, IConfiguration configuration)
    {
        var options = configuration.Read<EdgeOptions>(EdgeOptions.Section);
        Validate(options);
        services.AddSingleton(options);
        services.AddSingleton<ShutdownGrace>();
        services.AddExceptionHandler<ExceptionMapper>();
        services.AddAuthentication(CredentialHandler.SchemeName).AddScheme<AuthenticationSchemeOptions, CredentialHandler>(CredentialHandler.SchemeName, null);
        services.AddAuthorization(authorization =>
        {
            foreach (var scope in Scopes.All) authorization.AddPolicy(scope, policy => policy.RequireClaim(CredentialHandler.ScopeClaim, scope));
        });
        services.AddCors(cors => cors.AddDefaultPolicy(policy => policy
            .WithOrigins(options.CorsOrigins).AllowAnyHeader().AllowAnyMethod().WithExposedHeaders(RequestLog.Header, "Retry-After", "x-should-retry")));
        services.Configure<ForwardedHeadersOptions>(forwarded =>
        {
            forwarded.ForwardedHeaders = options.KnownProxies.Length == 0 ? ForwardedHeaders.None : ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost;
            forwarded.KnownProxies.Clear();
            foreach (var proxy in options.KnownProxies) forwarded.KnownProxies.Add(IPAddress.Parse(proxy));
        });
        // What is missing is for the validators to say: they name it, and know what is optional.
        services.AddControllers(mvc =>
            {
                mvc.SuppressImplicitRequiredAttributeForNonNullableReferenceTypes = true;
                // Forms are read as they arrive, by the use case: binding would read them whole.
                mvc.ValueProviderFactories.RemoveType<FormValueProviderFactory>();
                mvc.ValueProviderFactories.RemoveType<FormFileValueProviderFactory>();
                mvc.ValueProviderFactories.RemoveType<JQueryFormValueProviderFactory>();
            })
            .ConfigureApiBehaviorOptions(api =>
            {
                api.InvalidModelStateResponseFactory = StatusAnswers.OnInvalidModel;
                api.SuppressMapClientErrors = true;
            })
            .AddJsonOptions(json =>
            {
                WireJson.Configure(json.JsonSerializerOptions);
                json.JsonSerializerOptions.TypeInfoResolverChain.Insert(0, InferenceJson.Wire);
                json.JsonSerializerOptions.Converters.Add(new StrictJsonElement());
                json.AllowInputFormatterExceptionMessages = true;
            });
        return services.AddResponsesSocket().AddPlatformHealth().AddApiDocument();
    }

    /// <summary>Limits of the socket, and how long a shutdown may take.</summary>
    public static void ConfigureServer(this WebApplicationBuilder builder)
    {
        var options = builder.Configuration.Read<EdgeOptions>(EdgeOptions.Section);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = options.MaxRequestBodyBytes;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(30);
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(25));
    }

    /// <summary>A request from the outside in.</summary>
    public static void UseEdge(this WebApplication app)
    {
        app.UseMiddleware<SocketHost>();
        app.UseForwardedHeaders();
        app.UseMiddleware<RequestLog>();
        app.UseExceptionHandler(_ => { });
        app.UseStatusCodePages(context => StatusAnswers.WriteAsync(context.HttpContext));
        app.UseRouting();
        app.UseWebApp();
        app.UseCors();
        app.UseWebSockets();
        app.UseAuthentication();
        app.UseMiddleware<CsrfGuard>();
        app.UseAuthorization();
        app.MapControllers();
        app.MapResponsesSocket();
        app.MapPlatformHealth();
        app.MapApiDocument();
    }

    private static void Validate(EdgeOptions options)
    {
        foreach (var proxy in options.KnownProxies)
            if (!IPAddress.TryParse(proxy, out _)) throw new ConfigurationError($"Edge:KnownProxies: '{proxy}' is no IP address.");
        foreach (var origin in options.CorsOrigins)
            if (!Uri.TryCreate(origin, UriKind.Absolute, out var uri) || uri.GetLeftPart(UriPartial.Authority) != origin)
                throw new ConfigurationError($"Edge:CorsOrigins: '{origin}' is no origin. Expected is for example https://app.example.com, without a path.");
        if (options.MaxRequestBodyBytes < 1024) throw new ConfigurationError("Edge:MaxRequestBodyBytes must be at least 1024.");
        options.WebSockets.Validate();
        if (options.Heartbeat < TimeSpan.FromMilliseconds(10)) throw new ConfigurationError("Edge:Heartbeat must be at least 10 ms.");
    }
}
