using System.ComponentModel;
using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Infrastructure.Documents.Child;

/// <summary>Finds out, once, what this machine can do to confine a parser, and says so where it is less than it should be.</summary>
internal sealed partial class SandboxProbe(DocumentOptions options, ParserStarter starter, ILogger<SandboxProbe> log)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Lazy<Task<Sandbox>> _sandbox = new(() => FindAsync(options, starter, log));

    public Task<Sandbox> SandboxAsync() => _sandbox.Value;

    private static async Task<Sandbox> FindAsync(DocumentOptions options, ParserStarter starter, ILogger log)
    {
        var program = ParserProgram.Find(options.ParserPath);
        foreach (var isolation in new[] { Isolation.Full, Isolation.Network, Isolation.None })
        {
            var sandbox = new Sandbox(options, program, isolation, hasLimits: true);
            if (!await WorksAsync(sandbox, starter)) continue;
            if (isolation is Isolation.Network) NetworkOnly(log);
            if (isolation is Isolation.None) NoIsolation(log);
            return sandbox;
        }

        NoLimits(log);
        return new Sandbox(options, program, Isolation.None, hasLimits: false);
    }

    /// <summary>Tried with the very command that parsers get.</summary>
    private static async Task<bool> WorksAsync(Sandbox sandbox, ParserStarter starter)
    {
        using var scratch = ScratchFolder.Create();
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            using var process = await starter.StartAsync(sandbox, scratch.Path, "true", [], limit.Token);
            try
            {
                await process.WaitForExitAsync(limit.Token);
                return process.ExitCode == 0;
            }
            finally
            {
                ProcessTree.Kill(process);
            }
        }
        catch (Exception e) when (e is Win32Exception or OperationCanceledException)
        {
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Documents are read without network, but with a view of this machine's files: bubblewrap is missing or not allowed here. Install the package bubblewrap, or allow user namespaces.")]
    private static partial void NetworkOnly(ILogger log);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Documents are read without a sandbox, because neither bubblewrap nor unshare works here: a parser that is attacked could use the network and this machine's files. Limits of memory and time hold. Install the package bubblewrap, or allow user namespaces.")]
    private static partial void NoIsolation(ILogger log);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Documents are read without a sandbox and without limits of memory and processor time, because setsid, setpriv or prlimit (util-linux) do not work here. Use this for trusted documents only.")]
    private static partial void NoLimits(ILogger log);
}
