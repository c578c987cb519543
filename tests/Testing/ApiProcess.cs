using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;

namespace AiPlatform.Testing;

/// <summary>The application as a process of its own, which a test can kill.</summary>
public sealed class ApiProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly string _announceFile;
    private readonly ConcurrentQueue<string> _output = new();

    private ApiProcess(Process process, string announceFile)
    {
        _process = process;
        _announceFile = announceFile;
        process.OutputDataReceived += (_, line) => _output.Enqueue(line.Data ?? "");
        process.ErrorDataReceived += (_, line) => _output.Enqueue(line.Data ?? "");
    }

    public ApiClient Api { get; private set; } = null!;

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>What it wrote so far, to explain a failure.</summary>
    public string Output => string.Join('\n', _output);

    /// <summary>Starts it, and waits until it takes requests.</summary>
    public static async Task<ApiProcess> StartAsync(IReadOnlyDictionary<string, string?> settings, CancellationToken cancellationToken)
    {
        var announceFile = Path.Combine(Path.GetTempPath(), $"aiplatform-{RandomNumberGenerator.GetHexString(16)}.txt");
        var server = Start(new Dictionary<string, string?>(settings) { ["Bootstrap:AnnounceFile"] = announceFile }, announceFile);
        try
        {
            await server.WaitUntilReadyAsync(settings["Bootstrap:ApiKey"]!, cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs it to its own end, and returns its exit code and what it wrote.</summary>
    public static async Task<(int Code, string Output)> RunAsync(IReadOnlyDictionary<string, string?> settings, CancellationToken cancellationToken)
    {
        await using var server = Start(settings, announceFile: "");
        return (await server.WaitForExitAsync(cancellationToken), server.Output);
    }

    /// <summary>SIGTERM: asks it to stop.</summary>
    public Task TerminateAsync(CancellationToken cancellationToken) => SignalAsync("TERM", cancellationToken);

    /// <summary>SIGSTOP: it stays, with all its connections, and does nothing.</summary>
    public Task FreezeAsync(CancellationToken cancellationToken) => SignalAsync("STOP", cancellationToken);

    /// <summary>SIGCONT: it goes on as if no time had passed.</summary>
    public Task ThawAsync(CancellationToken cancellationToken) => SignalAsync("CONT", cancellationToken);

    public async Task<int> WaitForExitAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken);
        return _process.ExitCode;
    }

    /// <summary>SIGKILL: nothing of it gets to run any more.</summary>
    public async Task KillAsync(CancellationToken cancellationToken)
    {
        _process.Kill();
        await _process.WaitForExitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Api?.Dispose();
        if (_announceFile.Length > 0) File.Delete(_announceFile);
    }

    private static ApiProcess Start(IReadOnlyDictionary<string, string?> settings, string announceFile)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "AiPlatform.Api.dll")])
        {
            WorkingDirectory = AppContext.BaseDirectory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in settings) start.Environment[name.Replace(":", "__", StringComparison.Ordinal)] = value;
        start.Environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        var process = Process.Start(start) ?? throw new InvalidOperationException("The process did not start.");
        var server = new ApiProcess(process, announceFile);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return server;
    }

    private async Task SignalAsync(string signal, CancellationToken cancellationToken)
    {
        using var kill = Process.Start("kill", [$"-{signal}", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(cancellationToken);
    }

    private async Task WaitUntilReadyAsync(string apiKey, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(StartLimit);
        while (!File.Exists(_announceFile))
        {
            if (_process.HasExited) throw new InvalidOperationException($"The process ended with code {_process.ExitCode}:\n{Output}");
            await Task.Delay(50, limit.Token);
        }

        var announcement = await File.ReadAllTextAsync(_announceFile, limit.Token);
        var address = announcement.Split('\n')[0].Split(' ')[^1];
        var http = new HttpClient { BaseAddress = new Uri(address) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
        Api = new ApiClient(http);
    }
}
