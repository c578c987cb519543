using System.Globalization;
using System.Security.Cryptography;

namespace AiPlatform.Infrastructure.Documents.Child;

/// <summary>A folder of its own for each parser, gone with it. What a killed server left behind goes when the next one starts.</summary>
internal sealed class ScratchFolder : IDisposable
{
    private const string Prefix = "aiplatform-parse-";

    private ScratchFolder(string path) => Path = path;

    public string Path { get; }

    public static ScratchFolder Create()
    {
        var path = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"{Prefix}{Environment.ProcessId}-{RandomNumberGenerator.GetHexString(16, lowercase: true)}");
        Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return new ScratchFolder(path);
    }

    /// <summary>Those of processes that are no more.</summary>
    public static void RemoveForgotten()
    {
        if (!Directory.Exists("/proc/self")) return;
        foreach (var path in Directory.EnumerateDirectories(System.IO.Path.GetTempPath(), Prefix + "*"))
        {
            var process = System.IO.Path.GetFileName(path)[Prefix.Length..].Split('-')[0];
            if (int.TryParse(process, NumberStyles.None, CultureInfo.InvariantCulture, out _) && !Directory.Exists($"/proc/{process}")) Remove(path);
        }
    }

    public void Dispose() => Remove(Path);

    private static void Remove(string path)
    {
        try
        {
            Directory.Delete(path, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Somebody else's, or gone already.
        }
    }
}
