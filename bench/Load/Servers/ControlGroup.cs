using System.Globalization;

namespace AiPlatform.Bench.Servers;

/// <summary>
/// What the kernel says of a server and all that it ever started. A process knows of its children's CPU only where it waits for them: a parser in its sandbox is
/// killed together with who would have waited for it.
/// </summary>
internal sealed class ControlGroup : IDisposable
{
    private static int _count;

    private readonly string _folder;

    private ControlGroup(string folder) => _folder = folder;

    /// <summary>A process is in it, with all that it starts, when it has written its id there.</summary>
    public string Processes => Path.Combine(_folder, "cgroup.procs");

    public double CpuSeconds => File.ReadLines(Path.Combine(_folder, "cpu.stat")).First().Split(' ') is ["usage_usec", var microseconds]
        ? double.Parse(microseconds, CultureInfo.InvariantCulture) / 1e6
        : throw new InvalidDataException($"{_folder}/cpu.stat does not begin with usage_usec.");

    /// <summary>Null where there are none of version 2, or this user may make none.</summary>
    public static ControlGroup? Create()
    {
        try
        {
            var own = File.ReadLines("/proc/self/cgroup").FirstOrDefault(line => line.StartsWith("0::", StringComparison.Ordinal));
            var mount = File.ReadLines("/proc/self/mountinfo").FirstOrDefault(line => line.Contains(" - cgroup2 ", StringComparison.Ordinal));
            if (own is null || mount is null) return null;
            var folder = $"{mount.Split(' ')[4]}{own["0::".Length..].TrimEnd('/')}/aiplatform-bench-{Environment.ProcessId}-{Interlocked.Increment(ref _count)}";
            Directory.CreateDirectory(folder);
            return new ControlGroup(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public void Dispose()
    {
        try
        {
            Directory.Delete(_folder);
        }
        catch (IOException)
        {
            // A parser is still ending.
        }
    }
}
