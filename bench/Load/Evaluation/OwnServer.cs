using AiPlatform.Bench.Servers;

namespace AiPlatform.Bench.Evaluation;

/// <summary>A server of the run's own, on a database and a folder of its own, that all end with it.</summary>
internal sealed class OwnServer : IAsyncDisposable
{
    public const string Key = "sk-bench-00000000000000000000000000000000";

    private readonly string _folder = Directory.CreateTempSubdirectory("aiplatform-evaluate.").FullName;
    private Database? _database;
    private ServerProcess? _process;

    private OwnServer()
    {
    }

    public Uri Address { get; } = new($"http://127.0.0.1:{ServerProcess.FreePort()}");

    public static async Task<OwnServer> StartAsync(EvaluateSettings settings, CancellationToken cancellationToken)
    {
        var server = new OwnServer();
        try
        {
            server._database = await Database.CreateAsync(settings.Postgres, cancellationToken);
            server._process = await ServerProcess.StartAsync(
                ["dotnet", settings.Product],
                Path.GetDirectoryName(settings.Product)!,
                new Dictionary<string, string>
                {
                    ["ASPNETCORE_URLS"] = server.Address.GetLeftPart(UriPartial.Authority),
                    ["ASPNETCORE_ENVIRONMENT"] = "Production",
                    ["ConnectionStrings__Postgres"] = server._database.ConnectionString,
                    ["Bootstrap__ApiKey"] = Key,
                    ["Inference__DetectOllama"] = "false",
                    ["Knowledge__Storage__Folder"] = Path.Combine(server._folder, "files"),
                },
                Path.Combine(server._folder, "server.log"),
                new Uri(server.Address, "/health/ready"),
                cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null) await _process.DisposeAsync();
        if (_database is not null) await _database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
