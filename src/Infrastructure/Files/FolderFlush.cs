using System.Runtime.InteropServices;

namespace AiPlatform.Infrastructure.Files;

/// <summary>
/// Makes the entries of a folder survive a loss of power: a file that was flushed is there, but its name may not be. .NET opens no folders, so the system is
/// asked itself. Where it refuses, as some network file systems do, nothing is lost but this.
/// </summary>
internal static class FolderFlush
{
    private const int ReadOnly = 0;

    public static void ToDisk(string folder)
    {
        if (!OperatingSystem.IsLinux() && !OperatingSystem.IsMacOS()) return;
        var handle = Open(folder, ReadOnly);
        if (handle < 0) return;
        _ = Sync(handle);
        _ = Close(handle);
    }

#pragma warning disable SYSLIB1054 // Generated marshalling would need unsafe code in this assembly.
    [DllImport("libc", EntryPoint = "open", SetLastError = false)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int Sync(int handle);

    [DllImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int Close(int handle);
#pragma warning restore SYSLIB1054
}
