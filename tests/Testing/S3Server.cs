using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace AiPlatform.Testing;

/// <summary>A server that speaks S3's API, as a process of its own with a folder of its own.</summary>
public sealed partial class S3Server : IAsyncDisposable
{
    public const string Bucket = "files";

    /// <summary>The only keys it knows.</summary>
    public const string Key = "S3RVER";

    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(1);

    private readonly Process _process;

    private S3Server(Process process, string folder) => (_process, Folder) = (process, folder);

    public Uri Address { get; private set; } = null!;

    /// <summary>Where it keeps what it is given.</summary>
    public string Folder { get; }

    public static async Task<S3Server> StartAsync(CancellationToken cancellationToken)
    {
        var program = Path.Combine(Root(), "tests", "S3", "server.js");
        if (!Directory.Exists(Path.Combine(Path.GetDirectoryName(program)!, "node_modules"))) throw new InvalidOperationException("The server that plays S3 is not installed. Run ./test, or: npm ci --prefix tests/S3");
        var folder = Directory.CreateTempSubdirectory("aiplatform-s3-").FullName;
        var start = new ProcessStartInfo("node", [program, folder, Bucket])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var process = Process.Start(start) ?? throw new InvalidOperationException("The process did not start.");
        var server = new S3Server(process, folder);
        var output = new ConcurrentQueue<string>();
        var port = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        DataReceivedEventHandler listen = (_, line) =>
        {
            output.Enqueue(line.Data ?? "");
            if (Listening().Match(line.Data ?? "") is { Success: true } match) port.TrySetResult(int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture));
        };
        process.OutputDataReceived += listen;
        process.ErrorDataReceived += listen;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            server.Address = new Uri($"http://127.0.0.1:{await port.Task.WaitAsync(StartLimit, cancellationToken)}");
            return server;
        }
        catch (Exception e)
        {
            await server.DisposeAsync();
            throw new InvalidOperationException($"The server that plays S3 did not start:\n{string.Join('\n', output)}", e);
        }
    }

    /// <summary>The settings by which the application keeps its files here.</summary>
    public void Configure(IDictionary<string, string?> settings)
    {
        settings["Knowledge:Storage:S3:Bucket"] = Bucket;
        settings["Knowledge:Storage:S3:ServiceUrl"] = Address.ToString();
        settings["Knowledge:Storage:S3:AccessKey"] = Key;
        settings["Knowledge:Storage:S3:SecretKey"] = Key;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "AiPlatform.sln"))) return folder.FullName;
        throw new InvalidOperationException("The tests do not run inside the repository.");
    }

    [GeneratedRegex(@"listening on [\d.]+:(\d+)")]
    private static partial Regex Listening();
}
