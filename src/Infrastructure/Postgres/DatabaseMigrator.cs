using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace AiPlatform.Infrastructure.Postgres;

/// <summary>Brings the database up to this version at start. Several instances may start at once: they take turns.</summary>
public sealed partial class DatabaseMigrator(IServiceScopeFactory scopes, NpgsqlDataSource database, ILogger<DatabaseMigrator> log)
{
    // Held until its connection goes back to the pool, which resets it. The number says nothing; nobody else uses it.
    private const string TakeTurn = "SELECT pg_advisory_lock(7203113)";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public async Task MigrateAsync(CancellationToken cancellationToken)
    {
        await WaitForServerAsync(cancellationToken);
        // The migrator's own lock lies in a table that the first of several must make before it can be taken.
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using (var alone = new NpgsqlCommand(TakeTurn, connection) { CommandTimeout = 0 }) await alone.ExecuteNonQueryAsync(cancellationToken);
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<PlatformDbContext>();
        var pending = (await db.Database.GetPendingMigrationsAsync(cancellationToken)).ToList();
        if (pending.Count == 0) return;
        LogMigrating(log, pending.Count);
        db.Database.SetCommandTimeout(TimeSpan.FromMinutes(30));
        await db.Database.MigrateAsync(cancellationToken);
    }

    /// <summary>A database that starts beside us needs a moment; one that refuses us never will.</summary>
    private async Task WaitForServerAsync(CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        while (true)
        {
            try
            {
                await using var connection = await database.OpenConnectionAsync(patience.Token);
                return;
            }
            catch (PostgresException e) when (e.SqlState is not PostgresErrorCodes.CannotConnectNow)
            {
                throw new ConfigurationError($"PostgreSQL refuses the connection of ConnectionStrings__Postgres: {e.MessageText}");
            }
            catch (NpgsqlException e)
            {
                if (patience.IsCancellationRequested) throw Unreachable(e);
                LogWaiting(log, e.Message);
                await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken);
            }
            catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
            {
                throw Unreachable(e);
            }
        }
    }

    private static ConfigurationError Unreachable(Exception e) =>
        new($"PostgreSQL did not answer within {Patience.TotalSeconds} s; check ConnectionStrings__Postgres and whether the server runs. Last: {e.Message}");

    [LoggerMessage(Level = LogLevel.Information, Message = "Migrating the database: {Count} migrations")]
    private static partial void LogMigrating(ILogger log, int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Waiting for PostgreSQL: {Reason}")]
    private static partial void LogWaiting(ILogger log, string reason);
}
