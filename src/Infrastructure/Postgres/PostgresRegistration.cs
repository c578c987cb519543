using System.Data.Common;
using AiPlatform.Application.Chat;
using AiPlatform.Application.Chat.Runs;
using AiPlatform.Application.Identity;
using AiPlatform.Application.Knowledge;
using AiPlatform.Application.Knowledge.Evaluations;
using AiPlatform.Application.Knowledge.Files;
using AiPlatform.Application.Knowledge.Search;
using AiPlatform.Application.Knowledge.Search.Analysis;
using AiPlatform.Application.Knowledge.Search.Segments;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace AiPlatform.Infrastructure.Postgres;

public static class PostgresRegistration
{
    public const string ConnectionStringName = "Postgres";

    public static IServiceCollection AddPostgres(this IServiceCollection services, IConfiguration configuration)
    {
        var connectionString = configuration.GetConnectionString(ConnectionStringName);
        if (string.IsNullOrWhiteSpace(connectionString))
        {
            throw new ConfigurationError(
                "No database is configured. Set ConnectionStrings__Postgres, for example to \"Host=localhost;Database=aiplatform;Username=...;Password=...\", or start with ./run, which brings its own.");
        }

        services.AddSingleton(_ => BuildDataSource(connectionString));
        services.AddSingleton<DbDataSource>(provider => provider.GetRequiredService<NpgsqlDataSource>());
        services.AddDbContext<PlatformDbContext>((provider, options) => options
            .UseNpgsql(provider.GetRequiredService<NpgsqlDataSource>(), npgsql => npgsql.MigrationsHistoryTable("migrations", "public"))
            // Migrations are written by hand, as SQL: there is no snapshot that the model could differ from.
            .ConfigureWarnings(warnings => warnings.Ignore(RelationalEventId.PendingModelChangesWarning))
            .EnableThreadSafetyChecks(false));
        services.AddScoped<IIdentityDb>(provider => provider.GetRequiredService<PlatformDbContext>());
        services.AddScoped<IChatDb>(provider => provider.GetRequiredService<PlatformDbContext>());
        services.AddScoped<IKnowledgeDb>(provider => provider.GetRequiredService<PlatformDbContext>());
        services.AddSingleton<IChatHistory, ChatHistory>();
        services.AddSingleton<IFileRemoval, FileRemoval>();
        services.AddSingleton<StoreSizes>();
        services.AddSingleton<ISearchedStores, SearchedStores>();
        services.AddSingleton<IVectorSearch, VectorSearch>();
        services.AddSingleton<IPassages, Passages>();
        services.AddSingleton<IWordStems, SnowballStems>();
        services.AddSingleton<ILexicalSegments, LexicalSegments>();
        services.AddSingleton<ILexicalIndex, LexicalIndex>();
        services.AddSingleton<ISegmentMerging, SegmentMerging>();
        services.AddSingleton<IEvaluationLog, EvaluationLog>();
        services.AddSingleton<DatabaseMigrator>();
        services.AddSingleton<IRunLog, RunLog>();
        services.AddSingleton<IRunStore, RunStore>();
        services.AddSingleton<Signals>();
        services.AddSingleton<RunSignals>();
        services.AddSingleton<RunLeases>();
        services.AddSingleton<IRunSignals>(provider => provider.GetRequiredService<RunSignals>());
        // Stopped in reverse: leases are kept and changes told until the last run has been given away.
        services.AddHostedService(provider => provider.GetRequiredService<RunLeases>());
        services.AddHostedService(provider => provider.GetRequiredService<Signals>());
        services.AddHostedService<RunSweep>();
        services.AddHostedService<RunDrain>();
        return services;
    }

    private static NpgsqlDataSource BuildDataSource(string connectionString)
    {
        try
        {
            var builder = new NpgsqlDataSourceBuilder(connectionString);
            builder.ConnectionStringBuilder.ApplicationName ??= "AiPlatform";
            // A server that does not answer is looked for again soon: leases do not wait for it.
            if (!builder.ConnectionStringBuilder.ContainsKey("Timeout")) builder.ConnectionStringBuilder.Timeout = 5;
            // We say the same few things over and over: prepared, they cost both sides a fraction.
            if (!builder.ConnectionStringBuilder.ContainsKey("Max Auto Prepare")) builder.ConnectionStringBuilder.MaxAutoPrepare = 100;
            return builder.Build();
        }
        catch (ArgumentException e)
        {
            // The message may quote the string, and with it the password.
            throw new ConfigurationError($"ConnectionStrings__Postgres cannot be read as a connection string ({e.GetType().Name}). Expected is \"Host=...;Database=...;Username=...;Password=...\".");
        }
    }
}
