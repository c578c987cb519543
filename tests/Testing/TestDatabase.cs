using System.Security.Cryptography;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Infrastructure.Postgres;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace AiPlatform.Testing;

/// <summary>
/// A database of its own, cloned from a template that is migrated once. <c>AIPLATFORM_TEST_POSTGRES</c> names the server: a throw-away cluster,
/// which <c>./test</c> brings.
/// </summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private const string Variable = "AIPLATFORM_TEST_POSTGRES";

    // One at a time, also among processes: a template that somebody is connected to cannot be cloned.
    private const long TemplateLock = 0x41695465_6d706c61;

    private readonly string _name;

    private TestDatabase(string name)
    {
        _name = name;
        ConnectionString = For(name, pooling: true);
    }

    public string ConnectionString { get; }

    /// <summary>The server that tests share, as its superuser.</summary>
    internal static string Server => For(database: null, pooling: false);

    // Named after the build that migrates it, so that a template of another version is never taken for this one.
    private static string Template => "aiplatform_template_" + typeof(DatabaseMigrator).Module.ModuleVersionId.ToString("n")[..12];

    public static async Task<TestDatabase> CreateAsync(CancellationToken cancellationToken)
    {
        var name = "test_" + RandomNumberGenerator.GetHexString(16, lowercase: true);
        await using var server = new NpgsqlConnection(For(database: null, pooling: false));
        await server.OpenAsync(cancellationToken);
        await ExecuteAsync(server, $"SELECT pg_advisory_lock({TemplateLock})", cancellationToken);
        if (!await ExistsAsync(server, Template, cancellationToken)) await MakeTemplateAsync(server, cancellationToken);
        await ExecuteAsync(server, $"CREATE DATABASE {name} TEMPLATE {Template}", cancellationToken);
        return new TestDatabase(name);
    }

    /// <summary>Runs one statement in this database and returns its first value.</summary>
    public Task<object?> ScalarAsync(string sql, CancellationToken cancellationToken) => ScalarAsync(ConnectionString, sql, cancellationToken);

    /// <summary>The same in any database, over a connection that is not kept.</summary>
    public static async Task<object?> ScalarAsync(string database, string sql, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(database) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(cancellationToken) is { } value and not DBNull ? value : null;
    }

    public async ValueTask DisposeAsync()
    {
        await using var server = new NpgsqlConnection(For(database: null, pooling: false));
        await server.OpenAsync();
        await ExecuteAsync(server, $"DROP DATABASE IF EXISTS {_name} WITH (FORCE)", CancellationToken.None);
    }

    private static async Task MakeTemplateAsync(NpgsqlConnection server, CancellationToken cancellationToken)
    {
        // Under another name until it is whole, in case this process is killed meanwhile.
        var draft = Template + "_draft";
        await ExecuteAsync(server, $"DROP DATABASE IF EXISTS {draft} WITH (FORCE)", cancellationToken);
        await ExecuteAsync(server, $"CREATE DATABASE {draft}", cancellationToken);
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new($"ConnectionStrings:{PostgresRegistration.ConnectionStringName}", For(draft, pooling: false))])
            .Build();
        var services = new ServiceCollection().AddLogging().AddScoped<CallerContext>().AddPostgres(configuration);
        await using (var provider = services.BuildServiceProvider())
            await provider.GetRequiredService<DatabaseMigrator>().MigrateAsync(cancellationToken);
        await ExecuteAsync(server, $"ALTER DATABASE {draft} RENAME TO {Template}", cancellationToken);
    }

    private static async Task<bool> ExistsAsync(NpgsqlConnection server, string database, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT 1 FROM pg_database WHERE datname = $1", server) { Parameters = { new() { Value = database } } };
        return await command.ExecuteScalarAsync(cancellationToken) is not null;
    }

    private static async Task ExecuteAsync(NpgsqlConnection server, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, server) { CommandTimeout = 120 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static string For(string? database, bool pooling)
    {
        var server = Environment.GetEnvironmentVariable(Variable);
        if (string.IsNullOrEmpty(server))
        {
            throw new InvalidOperationException(
                $"These tests need a PostgreSQL server. Run ./test, which brings one, or set {Variable} to the connection string of a throw-away cluster.");
        }

        var builder = new NpgsqlConnectionStringBuilder(server) { Pooling = pooling, MaxPoolSize = 30, Timeout = 60, IncludeErrorDetail = true };
        if (database is not null) builder.Database = database;
        return builder.ConnectionString;
    }
}
