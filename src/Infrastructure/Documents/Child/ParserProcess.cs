using System.Diagnostics;

namespace AiPlatform.Infrastructure.Documents.Child;

/// <summary>A parser that runs, and its folder. It reads one document; both are gone with the end of it.</summary>
internal sealed class ParserProcess(Process process, ScratchFolder scratch) : IDisposable
{
    private readonly long _started = Stopwatch.GetTimestamp();

    public Stream Input => process.StandardInput.BaseStream;
    public Stream Output => process.StandardOutput.BaseStream;
    public StreamReader Errors => process.StandardError;
    public string Scratch => scratch.Path;
    public bool HasEnded => process.HasExited;
    public TimeSpan Age => Stopwatch.GetElapsedTime(_started);

    public async Task<int> EndAsync(CancellationToken cancellationToken)
    {
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode;
    }

    public void Dispose()
    {
        ProcessTree.Kill(process);
        process.Dispose();
        scratch.Dispose();
    }
}
