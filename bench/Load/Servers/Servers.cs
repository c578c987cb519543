namespace AiPlatform.Bench.Servers;

/// <summary>The fake vendor, the product and its peers, each in a process of its own.</summary>
internal sealed class Servers : IAsyncDisposable
{
    public const string Key = "sk-bench-00000000000000000000000000000000";

    private readonly List<IAsyncDisposable> _started = [];
    private readonly List<Target> _targets = [];
    private readonly string _folder = Directory.CreateTempSubdirectory("aiplatform-bench.").FullName;
    private bool _keep;

    private Servers()
    {
    }

    /// <summary>What is measured, in the order of measuring.</summary>
    public IReadOnlyList<Target> Targets => _targets;

    public IEnumerable<Target> Products => _targets.Where(target => target.Database is not null);

    public Uri Fake { get; private set; } = new("http://127.0.0.1");

    public static async Task<Servers> StartAsync(Settings settings, CancellationToken cancellationToken)
    {
        var servers = new Servers { _keep = settings.Keep };
        try
        {
            await servers.StartAllAsync(settings, cancellationToken);
            return servers;
        }
        catch
        {
            await servers.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        for (var i = _started.Count - 1; i >= 0; i--) await _started[i].DisposeAsync();
        if (_keep) Console.WriteLine($"Logs: {_folder}");
        else Directory.Delete(_folder, recursive: true);
    }

    private async Task StartAllAsync(Settings settings, CancellationToken cancellationToken)
    {
        var port = ServerProcess.FreePort();
        Fake = new Uri($"http://127.0.0.1:{port}");
        await StartAsync("fake", settings.Fake, ["--port", $"{port}"], [], new Uri(Fake, "/fake/stats"), cancellationToken);

        if (settings.WantsServer("direct")) _targets.Add(new Target("direct", Fake, "fake-chat"));
        if (settings.WantsServer("nginx")) await AddNginxAsync(cancellationToken);
        if (settings.WantsServer("relay")) await AddRelayAsync(cancellationToken);
        if (settings.Against is { } other && settings.WantsServer("before")) await AddProductAsync("before", other, settings.Postgres, cancellationToken);
        if (settings.WantsServer("aiplatform")) await AddProductAsync("aiplatform", settings.Product, settings.Postgres, cancellationToken);
        Console.WriteLine($"Ready: {string.Join(", ", _targets.Select(target => target.Name))}. Warming up ...");
        foreach (var target in _targets) await target.WarmUpAsync(cancellationToken);
    }

    private async Task AddNginxAsync(CancellationToken cancellationToken)
    {
        if (Nginx.Find() is not { } program)
        {
            Console.WriteLine("nginx is not installed and is left out (on Debian: apt-get install nginx-light).");
            return;
        }

        var port = ServerProcess.FreePort();
        var server = await Nginx.StartAsync(program, Path.Combine(_folder, "nginx"), port, Fake, cancellationToken);
        _started.Add(server);
        _targets.Add(new Target("nginx", new Uri($"http://127.0.0.1:{port}"), "fake-chat") { Server = server });
    }

    private async Task AddRelayAsync(CancellationToken cancellationToken)
    {
        var address = new Uri($"http://127.0.0.1:{ServerProcess.FreePort()}");
        var server = await StartAsync(
            "relay", typeof(Servers).Assembly.Location, ["relay", $"{address.Port}", $"{Fake}"], [], new Uri(address, "/fake/stats"), cancellationToken);
        _targets.Add(new Target("relay", address, "fake-chat") { Server = server });
    }

    private async Task AddProductAsync(string name, string dll, string postgres, CancellationToken cancellationToken)
    {
        var database = await Database.CreateAsync(postgres, cancellationToken);
        _started.Add(database);
        _targets.Add(await StartProductAsync(name, dll, database, cancellationToken));
    }

    /// <summary>One more process of the product, on a database that may have others.</summary>
    public async Task<Target> StartProductAsync(string name, string dll, Database database, CancellationToken cancellationToken)
    {
        var address = new Uri($"http://127.0.0.1:{ServerProcess.FreePort()}");
        var probe = new ServerProbe(Path.Combine(_folder, name + ".probe"));
        var server = await StartAsync(name, dll, [], new(probe.Environment)
        {
            ["ASPNETCORE_URLS"] = address.GetLeftPart(UriPartial.Authority),
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["ConnectionStrings__Postgres"] = database.ConnectionString,
            ["Bootstrap__ApiKey"] = Key,
            ["Inference__DetectOllama"] = "false",
            ["Inference__Providers__fake__BaseUrl"] = new Uri(Fake, "/v1").ToString(),
            // All of the load comes with one key.
            ["Edge__WebSockets__MaxConnectionsPerCaller"] = "1000000",
        }, new Uri(address, "/health/ready"), cancellationToken);
        return new Target(name, address, "fake-chat") { Server = server, Database = database, Dll = dll, Probe = probe };
    }

    private async Task<ServerProcess> StartAsync(
        string name, string dll, string[] arguments, Dictionary<string, string> environment, Uri ready, CancellationToken cancellationToken)
    {
        // ASP.NET Core looks for its settings in the working directory.
        var server = await ServerProcess.StartAsync(
            ["dotnet", dll, .. arguments], Path.GetDirectoryName(dll)!, environment, Path.Combine(_folder, name + ".log"), ready, cancellationToken);
        _started.Add(server);
        return server;
    }
}
