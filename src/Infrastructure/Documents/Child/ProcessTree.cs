using System.Diagnostics;
using System.Runtime.InteropServices;

namespace AiPlatform.Infrastructure.Documents.Child;

internal static class ProcessTree
{
    private const int SigKill = 9;

    /// <summary>A parser and all that it started, also when it has ended and left something behind: it leads its own group.</summary>
    public static void Kill(Process process)
    {
        if (Sandbox.IsLinux && GroupOf(process.Id) is var group && group != GroupOf(0))
        {
            // Of one that is gone there is no group to be found, but there may be others in it.
            _ = SendSignal(-process.Id, SigKill);
            return;
        }

        try
        {
            // Looks at all processes of the machine, to find those that it started.
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or AggregateException)
        {
            // It ended in this moment.
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int SendSignal(int process, int signal);

    /// <summary>-1 of a process that is gone.</summary>
    [DllImport("libc", EntryPoint = "getpgid")]
    private static extern int GroupOf(int process);
}
