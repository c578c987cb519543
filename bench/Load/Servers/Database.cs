using Npgsql;

namespace AiPlatform.Bench.Servers;

/// <summary>A database of the run's own on the given server, dropped at the end.</summary>
internal sealed class Database : IAsyncDisposable
{
    private readonly NpgsqlDataSource _server;
    private readonly string _name;

    private Database(NpgsqlDataSource server, string name, string connectionString) => (_server, _name, ConnectionString) = (server, name, connectionString);

    public string ConnectionString { get; }

    public static async Task<Database> CreateAsync(string server, CancellationToken cancellationToken)
    {
        var name = $"bench_{Environment.ProcessId}_{Environment.TickCount64}";
        var source = NpgsqlDataSource.Create(server);
        await using var command = source.CreateCommand($"CREATE DATABASE {name}");
        await command.ExecuteNonQueryAsync(cancellationToken);
        return new Database(source, name, new NpgsqlConnectionStringBuilder(server) { Database = name }.ConnectionString);
    }

    /// <summary>Transactions that were committed in it. The server counts them with a delay of up to a second or so.</summary>
    public async Task<long> TransactionsAsync(CancellationToken cancellationToken)
    {
        await using var command = _server.CreateCommand($"SELECT xact_commit FROM pg_stat_database WHERE datname = '{_name}'");
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>CPU of all of PostgreSQL's processes, where it runs on this machine; else null.</summary>
    public async Task<double?> CpuSecondsAsync(CancellationToken cancellationToken)
    {
        await using var command = _server.CreateCommand("SELECT pg_backend_pid()");
        var backend = (int)(await command.ExecuteScalarAsync(cancellationToken))!;
        var name = $"/proc/{backend}/comm";
        if (!File.Exists(name) || !(await File.ReadAllTextAsync(name, cancellationToken)).StartsWith("postgres", StringComparison.Ordinal)) return null;
        return ServerProcess.CpuSecondsOf(ServerProcess.ParentOf(backend), withEnded: true);
    }

    public async ValueTask DisposeAsync()
    {
        await using (var command = _server.CreateCommand($"DROP DATABASE IF EXISTS {_name} WITH (FORCE)")) await command.ExecuteNonQueryAsync();
        await _server.DisposeAsync();
    }
}
