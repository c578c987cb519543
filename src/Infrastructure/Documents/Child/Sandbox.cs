using System.Globalization;
using System.Runtime.InteropServices;

namespace AiPlatform.Infrastructure.Documents.Child;

/// <summary>What keeps a parser from the network and from other people's files.</summary>
internal enum Isolation
{
    /// <summary>Nothing does, beyond the limits.</summary>
    None,

    /// <summary>No network; <c>unshare</c>.</summary>
    Network,

    /// <summary>No network, no other processes, and of the files only programs and its own folder; bubblewrap.</summary>
    Full,
}

/// <summary>The command around the parser's own: limits, isolation, and death together with the server.</summary>
internal sealed class Sandbox(DocumentOptions options, ParserProgram program, Isolation isolation, bool hasLimits)
{
    /// <summary>What programs need of the system, where it is there.</summary>
    private static readonly string[] SystemFolders =
    [
        "/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/opt", "/nix", "/etc/alternatives", "/etc/fonts", "/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/var/cache/fontconfig",
    ];

    public Isolation Isolation => isolation;

    /// <summary>Whether the kernel holds the parser to its memory, its processor time and its files.</summary>
    public bool HasLimits => hasLimits;

    public IReadOnlyList<string> Wrap(string scratch, string file, IReadOnlyList<string> arguments) =>
    [
        .. hasLimits ? Limits() : [],
        .. isolation switch { Isolation.Full => Bubblewrap(scratch), Isolation.Network => ["unshare", "-r", "-n", "--"], _ => [] },
        file, .. arguments,
    ];

    /// <summary>Nothing of the server's own environment, where its secrets are.</summary>
    public Dictionary<string, string> Environment(string scratch) => new()
    {
        ["PATH"] = System.Environment.GetEnvironmentVariable("PATH") ?? "/usr/local/bin:/usr/bin:/bin",
        ["HOME"] = scratch,
        ["TMPDIR"] = scratch,
        ["LANG"] = "C.UTF-8",
        ["LC_ALL"] = "C.UTF-8",
        ["OMP_THREAD_LIMIT"] = "1",
        ["DOTNET_ROOT"] = ParserProgram.DotnetRoot,
        // The tools have their own; what .NET itself needs beside its heap is the rest.
        ["DOTNET_GCHeapHardLimit"] = (options.MemoryMb * 1024L * 1024 * 6 / 10).ToString("x", CultureInfo.InvariantCulture),
        ["DOTNET_gcServer"] = "0",
        ["DOTNET_gcConcurrent"] = "0",
        // For a process that lives a fraction of a second: no second compilation, no second mapping of code, no socket for debuggers.
        ["DOTNET_TieredPGO"] = "0",
        ["DOTNET_EnableWriteXorExecute"] = "0",
        ["DOTNET_EnableDiagnostics"] = "0",
    };

    /// <summary>
    /// A session of its own, so that all of it can be killed. The kernel kills it when the thread that started it ends, which is <see cref="ParserStarter"/>'s.
    /// The address space is no measure: .NET reserves much more than it uses.
    /// </summary>
    private IEnumerable<string> Limits()
    {
        var megabyte = 1024L * 1024;
        string[] limits =
        [
            $"--data={options.MemoryMb * megabyte}", $"--cpu={options.CpuSeconds}:{options.CpuSeconds + 5}", $"--fsize={options.ScratchMb * megabyte}", "--nofile=256", "--core=0",
        ];
        return ["setsid", "setpriv", "--pdeathsig", "KILL", "--no-new-privs", "prlimit", .. limits, "--"];
    }

    private IEnumerable<string> Bubblewrap(string scratch)
    {
        List<string> command = ["bwrap", "--unshare-all", "--die-with-parent", "--new-session", "--hostname", "parser"];
        foreach (var folder in SystemFolders.Append(ParserProgram.DotnetRoot).Append(program.Folder).Distinct()) command.AddRange(["--ro-bind-try", folder, folder]);
        // Beside the program lie its settings, which may have secrets.
        foreach (var settings in Directory.EnumerateFiles(program.Folder, "appsettings*.json")) command.AddRange(["--ro-bind", "/dev/null", settings]);
        return [.. command, "--dev", "/dev", "--proc", "/proc", "--bind", scratch, scratch, "--chdir", scratch, "--"];
    }

    public static bool IsLinux => RuntimeInformation.IsOSPlatform(OSPlatform.Linux);
}
