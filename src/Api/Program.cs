using AiPlatform.Api;
using AiPlatform.Api.Hosting;
using AiPlatform.Application;
using AiPlatform.Infrastructure;
using AiPlatform.Infrastructure.ModelProviders;
using AiPlatform.Infrastructure.Postgres;
using AiPlatform.Infrastructure.Quartz;
using AiPlatform.Infrastructure.Security;

try
{
    var builder = WebApplication.CreateBuilder(args);
    builder.Host.UseDefaultServiceProvider(options => (options.ValidateScopes, options.ValidateOnBuild) = (true, true));
    builder.AddTelemetry();
    builder.Services
        .AddApplication()
        .AddPostgres(builder.Configuration)
        .AddModelProviders(builder.Configuration)
        .AddSecurity()
        .AddJobs()
        .AddEdge(builder.Configuration)
        .AddBootstrap(builder.Configuration);
    builder.ConfigureServer();

    var app = builder.Build();
    await app.MigrateAsync();
    app.UseEdge();
    await app.RunAsync();
    return 0;
}
catch (ConfigurationError e)
{
    await Console.Error.WriteLineAsync($"Configuration error: {e.Message}");
    return 2;
}
