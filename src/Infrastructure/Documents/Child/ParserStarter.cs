using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;

namespace AiPlatform.Infrastructure.Documents.Child;

/// <summary>
/// Starts parsers from one thread that lives as long as the server. The kernel kills a parser when the thread that started it ends, and threads of the pool
/// end when they have nothing to do.
/// </summary>
internal sealed class ParserStarter : IDisposable
{
    private readonly BlockingCollection<(ProcessStartInfo Start, TaskCompletionSource<Process> Started)> _orders = [];

    public ParserStarter() => new Thread(StartAll) { IsBackground = true, Name = "parser starter" }.Start();

    public Task<Process> StartAsync(Sandbox sandbox, string scratch, string file, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var command = sandbox.Wrap(scratch, file, arguments);
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            WorkingDirectory = scratch,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardErrorEncoding = new UTF8Encoding(false),
        };
        start.Environment.Clear();
        foreach (var (name, value) in sandbox.Environment(scratch)) start.Environment[name] = value;
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        _orders.Add((start, started), cancellationToken);
        return started.Task;
    }

    public void Dispose() => _orders.CompleteAdding();

    private void StartAll()
    {
        foreach (var (start, started) in _orders.GetConsumingEnumerable())
        {
            try
            {
                started.SetResult(Process.Start(start)!);
            }
            catch (Exception e)
            {
                started.SetException(e);
            }
        }
    }
}
