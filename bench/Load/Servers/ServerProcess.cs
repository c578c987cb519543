using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace AiPlatform.Bench.Servers;

/// <summary>A server in a process of its own, and what the kernel says it used: its children count as it, and theirs.</summary>
internal sealed partial class ServerProcess : IAsyncDisposable
{
    private const int Sigkill = 9;
    private const int Sigterm = 15;
    private const double KernelTicksPerSecond = 100;
    private static readonly TimeSpan ReadyLimit = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly string _log;
    private readonly ControlGroup? _group;

    private ServerProcess(Process process, string log, ControlGroup? group) => (_process, _log, _group) = (process, log, group);

    private int Id => _process.Id;

    /// <summary>User and system time so far.</summary>
    public double CpuSeconds => CpuSecondsOf(Id, withEnded: false);

    /// <summary>Without its children's.</summary>
    public double OwnCpuSeconds => Stat(Id) is { } fields ? Ticks(fields, withEnded: false) / KernelTicksPerSecond : 0;

    /// <summary>With that of children that have ended.</summary>
    public double CpuSecondsWithEnded => IsInGroup ? _group!.CpuSeconds : CpuSecondsOf(Id, withEnded: true);

    /// <summary>Whether CPU of parsers counts that were killed; else what is said of them is too little.</summary>
    public bool IsInGroup => _group is not null && File.ReadLines(_group.Processes).Contains(Id.ToString(CultureInfo.InvariantCulture));

    public double RssMegabytes => FamilyOf(Id).Sum(RssKilobytesOf) / 1024;

    /// <summary>Starts a command in <paramref name="folder"/> and waits until <paramref name="ready"/> answers with 200.</summary>
    public static async Task<ServerProcess> StartAsync(
        string[] command, string folder, Dictionary<string, string> environment, string log, Uri ready, CancellationToken cancellationToken)
    {
        var group = ControlGroup.Create();
        // The shell enters the group, opens the log and then becomes the server, so that its output does not pass through this process.
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardInput = true, WorkingDirectory = folder };
        foreach (var argument in (string[])["-c", "[ -z \"$1\" ] || echo $$ 2>/dev/null >\"$1\"; log=$2; shift 2; exec \"$@\" >\"$log\" 2>&1", "sh", group?.Processes ?? "", log, .. command]) start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment) start.Environment[name] = value;
        var server = new ServerProcess(Process.Start(start)!, log, group);
        try
        {
            await server.WaitUntilReadyAsync(ready, cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>CPU of a process and all below it that lives; with <paramref name="withEnded"/> also of those that they have waited for.</summary>
    public static double CpuSecondsOf(int id, bool withEnded) => FamilyOf(id).Sum(member => Stat(member) is { } fields ? Ticks(fields, withEnded) : 0) / KernelTicksPerSecond;

    public static int ParentOf(int id) => Stat(id) is { } fields ? int.Parse(fields[1], CultureInfo.InvariantCulture) : 0;

    /// <summary>As a crash ends it: it gets to do nothing more.</summary>
    public void Crash() => _ = Kill(Id, Sigkill);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _ = Kill(Id, Sigterm);
        using var limit = new CancellationTokenSource(StopLimit);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
        _group?.Dispose();
    }

    private async Task WaitUntilReadyAsync(Uri ready, CancellationToken cancellationToken)
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < ReadyLimit && !_process.HasExited)
        {
            try
            {
                using var response = await client.GetAsync(ready, cancellationToken);
                if (response.IsSuccessStatusCode) return;
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }

            await Task.Delay(100, cancellationToken);
        }

        throw new InvalidOperationException($"{ready} did not become ready. The end of its log:\n{string.Join('\n', File.ReadLines(_log).TakeLast(10))}");
    }

    private static IEnumerable<int> FamilyOf(int id) => ChildrenOf(id).SelectMany(FamilyOf).Append(id);

    private static List<int> ChildrenOf(int id)
    {
        try
        {
            return [.. Directory.EnumerateDirectories($"/proc/{id}/task")
                .SelectMany(thread => Read(thread + "/children").Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Select(child => int.Parse(child, CultureInfo.InvariantCulture))];
        }
        catch (IOException)
        {
            // It has just ended.
            return [];
        }
    }

    /// <summary>The fields of /proc/PID/stat after the name, which may hold spaces; null when the process is gone.</summary>
    private static string[]? Stat(int id)
    {
        var stat = Read($"/proc/{id}/stat");
        return stat.Length == 0 ? null : stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
    }

    /// <summary>A file of /proc; empty when its process or thread has just ended.</summary>
    private static string Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (IOException)
        {
            return "";
        }
    }

    private static long Ticks(string[] fields, bool withEnded) =>
        fields[11..(withEnded ? 15 : 13)].Sum(field => long.Parse(field, CultureInfo.InvariantCulture));

    private static double RssKilobytesOf(int id)
    {
        var line = Read($"/proc/{id}/status").Split('\n').FirstOrDefault(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return line is null ? 0 : double.Parse(line["VmRSS:".Length..^"kB".Length], CultureInfo.InvariantCulture);
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int id, int signal);
}
