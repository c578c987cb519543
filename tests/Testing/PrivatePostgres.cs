using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Npgsql;

namespace AiPlatform.Testing;

/// <summary>A PostgreSQL cluster of a test's own, which it may kill: made as <c>./run</c> makes one, from the programs of the server that tests share.</summary>
public sealed class PrivatePostgres : IAsyncDisposable
{
    private const string Prelude = """
        set -euo pipefail
        PROGRAM=./test
        source deploy/local/common.sh
        source deploy/local/postgres-install.sh
        source deploy/local/postgres.sh

        """;

    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"aiplatform-pg-{RandomNumberGenerator.GetHexString(12, lowercase: true)}");
    private readonly string _programs;

    private PrivatePostgres(string programs) => _programs = programs;

    public string ConnectionString { get; private set; } = "";

    /// <summary>The process id of the server itself, the parent of all its others.</summary>
    private int ProcessId => int.Parse(File.ReadLines(Path.Combine(_folder, "data", "postmaster.pid")).First(), CultureInfo.InvariantCulture);

    public static async Task<PrivatePostgres> StartNewAsync(CancellationToken cancellationToken)
    {
        await using var shared = new NpgsqlConnection(TestDatabase.Server);
        await shared.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand("SELECT setting FROM pg_config WHERE name = 'BINDIR'", shared);
        var postgres = new PrivatePostgres((string)(await command.ExecuteScalarAsync(cancellationToken))!);
        Directory.CreateDirectory(postgres._folder);
        await postgres.StartAsync(cancellationToken);
        postgres.ConnectionString = (await postgres.RunAsync("postgres_connection_string \"$FOLDER\" aiplatform", cancellationToken)).Trim() + ";Timeout=60";
        return postgres;
    }

    /// <summary>Starts it, also after it was killed, with what it has: at the same port.</summary>
    public Task StartAsync(CancellationToken cancellationToken) => RunAsync("postgres_start \"$FOLDER\" server", cancellationToken);

    /// <summary>SIGKILL for the server: its other processes notice, and go too.</summary>
    public async Task KillAsync(CancellationToken cancellationToken)
    {
        using var server = Process.GetProcessById(ProcessId);
        server.Kill();
        await server.WaitForExitAsync(cancellationToken);
    }

    /// <summary>SIGKILL for one that serves a connection: the server then ends all of them, recovers and goes on by itself.</summary>
    public static void KillOne(int processId)
    {
        using var backend = Process.GetProcessById(processId);
        backend.Kill();
    }

    public async ValueTask DisposeAsync()
    {
        await RunAsync("postgres_stop \"$FOLDER\" immediate", CancellationToken.None);
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<string> RunAsync(string script, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("bash", ["-c", Prelude + script]) { WorkingDirectory = Root(), RedirectStandardOutput = true, RedirectStandardError = true };
        (start.Environment["PG_BIN"], start.Environment["FOLDER"]) = (_programs, _folder);
        using var bash = Process.Start(start) ?? throw new InvalidOperationException("bash did not start.");
        var (output, errors) = (bash.StandardOutput.ReadToEndAsync(cancellationToken), bash.StandardError.ReadToEndAsync(cancellationToken));
        await bash.WaitForExitAsync(cancellationToken);
        return bash.ExitCode == 0 ? await output : throw new InvalidOperationException($"{script}\n{await output}\n{await errors}");
    }

    private static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "AiPlatform.sln"))) return folder.FullName;
        throw new InvalidOperationException($"No AiPlatform.sln above {AppContext.BaseDirectory}: run the tests from the build output inside the repository.");
    }
}
