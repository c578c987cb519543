using AiPlatform.Api;
using AiPlatform.Api.Hosting;
using AiPlatform.Application;
using AiPlatform.Infrastructure;
using AiPlatform.Infrastructure.Documents;
using AiPlatform.Infrastructure.Documents.Parsing;
using AiPlatform.Infrastructure.Files;
using AiPlatform.Infrastructure.ModelProviders;
using AiPlatform.Infrastructure.Postgres;
using AiPlatform.Infrastructure.Quartz;
using AiPlatform.Infrastructure.Security;
using AiPlatform.Infrastructure.Telemetry;
using Microsoft.AspNetCore.Connections;

// A parser of a single document; see ParseCommand.
if (ParseCommand.IsMeant(args)) return ParseCommand.Run();

try
{
    var builder = WebApplication.CreateBuilder(new WebApplicationOptions
    {
        Args = args,
        // Its settings and the web app lie beside it, wherever it is started from.
        ContentRootPath = AppContext.BaseDirectory,
    });
    builder.Host.UseDefaultServiceProvider(options => (options.ValidateScopes, options.ValidateOnBuild) = (true, true));
    builder.AddTelemetry();
    builder.Services
        .AddApplication()
        .AddModuleOptions(builder.Configuration)
        .AddPostgres(builder.Configuration)
        .AddIngestion()
        .AddFileStorage(builder.Configuration)
        .AddModelProviders(builder.Configuration)
        .AddDocuments(builder.Configuration)
        .AddSecurity()
        .AddJobs()
        .AddEdge(builder.Configuration)
        .AddBootstrap(builder.Configuration);
    builder.ConfigureServer();

    var app = builder.Build();
    await app.Services.CheckFileStorageAsync(CancellationToken.None);
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
catch (IOException e) when (e.InnerException is AddressInUseException)
{
    await Console.Error.WriteLineAsync($"Configuration error: {e.Message} Set another one by ASPNETCORE_URLS.");
    return 2;
}
