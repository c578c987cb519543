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
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

// A parser of a single document; see ParseCommand.
if (ParseCommand.IsMeant(args)) return ParseCommand.Run();

// Background jobs in a process of their own. The Api runs the same jobs; a Worker takes its share, and more of them take more.
try
{
    var builder = Host.CreateApplicationBuilder(args);
    builder.ConfigureContainer(new DefaultServiceProviderFactory(new ServiceProviderOptions { ValidateScopes = true, ValidateOnBuild = true }));
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
        .AddJobs();
    using var host = builder.Build();
    await host.Services.CheckFileStorageAsync(CancellationToken.None);
    await host.Services.GetRequiredService<DatabaseMigrator>().MigrateAsync(CancellationToken.None);
    await host.RunAsync();
    return 0;
}
catch (ConfigurationError e)
{
    await Console.Error.WriteLineAsync($"Configuration error: {e.Message}");
    return 2;
}
