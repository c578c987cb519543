using System.Text.Json;

namespace AiPlatform.Integration.Tests.Crash;

/// <summary>Two servers on one database, with a fake vendor that outlives them. A test may kill one, and start it again at its place.</summary>
public class ServerPair : IAsyncLifetime
{
    public const int Places = 2;
    public const string Key = "sk-trial-0123456789abcdef0123456789";

    private static readonly string[] Loud = ["\"level\":\"warn\"", "\"level\":\"error\"", "\"level\":\"critical\""];

    private readonly ApiProcess?[] _servers = new ApiProcess?[Places];
    private readonly Dictionary<ApiProcess, int> _read = [];
    private TestDatabase? _database;

    public FakeModelServer Vendor { get; private set; } = null!;

    /// <summary>The one at a place, running or not.</summary>
    public ApiProcess this[int place] => _servers[place] ?? throw new InvalidOperationException("It was never started.");

    /// <summary>Where the server is that has taken something under this name.</summary>
    public int PlaceOf(string owner) => Enumerable.Range(0, Places).Single(place => owner.EndsWith($":{this[place].Id}", StringComparison.Ordinal));

    public bool IsRunning(int place) => _servers[place] is { HasExited: false };

    /// <summary>For a reader: its first connection goes to this place, the next to the other, and so on.</summary>
    public Func<int, ApiClient> From(int first) => connection => this[(first + connection) % Places].Api;

    /// <summary>Starts those that do not run.</summary>
    public Task EnsureRunningAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(Enumerable.Range(0, Places).Where(place => !IsRunning(place)).Select(place => StartAsync(place, cancellationToken)));

    public async Task StartAsync(int place, CancellationToken cancellationToken)
    {
        var old = _servers[place];
        var server = await ApiProcess.StartAsync(Settings(place), cancellationToken);
        // Whatever takes time only once shall not be part of a trial.
        _ = (await server.Api.PostAsync("v1/responses", new { model = Vendors.OpenAi, input = "Hello" }, cancellationToken)).Ok;
        _servers[place] = server;
        if (old is not null) await old.DisposeAsync();
    }

    /// <summary>Runs one statement in the database and returns its first value.</summary>
    public Task<object?> ScalarAsync(string sql, CancellationToken cancellationToken) => TestDatabase.ScalarAsync(ConnectionString, sql, cancellationToken);

    /// <summary>What the servers complained about since this was last asked, each complaint once: to explain a failure.</summary>
    public List<string> NewComplaints()
    {
        var complaints = new List<string>();
        foreach (var server in _servers.OfType<ApiProcess>())
        {
            var lines = server.Output.Split('\n');
            complaints.AddRange(lines.Skip(_read.GetValueOrDefault(server)).Where(line => Loud.Any(level => line.Contains(level, StringComparison.Ordinal))));
            _read[server] = lines.Length;
        }

        var messages = complaints.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("message").GetString());
        return [.. messages.GroupBy(message => message).Select(group => $"{group.Count()} times: {group.Key}")];
    }

    public async Task InitializeAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        Vendor = await FakeModelServer.StartAsync(cancellationToken: limit.Token);
        await StartDatabaseAsync(limit.Token);
    }

    public async Task DisposeAsync()
    {
        foreach (var server in _servers)
            if (server is not null) await server.DisposeAsync();
        if (Vendor is not null) await Vendor.DisposeAsync();
        await StopDatabaseAsync();
    }

    /// <summary>Where tests find the database.</summary>
    public string Database => ConnectionString;

    protected virtual string ConnectionString => _database!.ConnectionString;

    /// <summary>Where the server of a place finds it.</summary>
    protected virtual string ConnectionStringOf(int place) => ConnectionString;

    protected virtual async Task StartDatabaseAsync(CancellationToken cancellationToken) => _database = await TestDatabase.CreateAsync(cancellationToken);

    protected virtual async Task StopDatabaseAsync()
    {
        if (_database is not null) await _database.DisposeAsync();
    }

    // A model that is held back while a server starts, on a busy machine, is not to be taken for dead.
    private Dictionary<string, string?> Settings(int place) => new(ServerSettings.For(ConnectionStringOf(place), Vendor, Key)) { ["Inference:Timeouts:BetweenTokens"] = "00:05:00" };
}
