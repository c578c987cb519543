using AiPlatform.Domain.Knowledge;

namespace AiPlatform.Application.Knowledge.Ingestion;

/// <summary>What this process works on, and how to stop it.</summary>
public sealed class RunningFiles
{
    private readonly Lock _lock = new();
    private readonly Dictionary<VectorStoreFileId, Running> _running = [];

    public IReadOnlyList<ClaimedFile> All
    {
        get
        {
            lock (_lock) return [.. _running.Values.Select(running => running.File)];
        }
    }

    public bool Has(VectorStoreId store) => All.Any(file => file.VectorStoreId == store);

    /// <summary>Until the end of the returned, with a token that ends when the file is lost.</summary>
    internal Running Begin(ClaimedFile file, CancellationToken cancellationToken)
    {
        var running = new Running(this, file, cancellationToken);
        Running? before;
        lock (_lock)
        {
            _running.Remove(file.Id, out before);
            _running[file.Id] = running;
        }

        // This process itself has taken over what it lost while it was cut off.
        before?.Stop();
        return running;
    }

    /// <summary>Stops the work on files that are not this process's any more.</summary>
    public void Lose(IEnumerable<ClaimedFile> files)
    {
        foreach (var file in files)
        {
            Running? running;
            lock (_lock) running = _running.GetValueOrDefault(file.Id) is { } found && found.File.Epoch == file.Epoch ? found : null;
            running?.Stop();
        }
    }

    internal sealed class Running : IDisposable
    {
        private readonly RunningFiles _owner;
        private readonly CancellationTokenSource _stop;

        public Running(RunningFiles owner, ClaimedFile file, CancellationToken cancellationToken)
        {
            (_owner, File) = (owner, file);
            _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            Token = _stop.Token;
        }

        public ClaimedFile File { get; set; }

        public bool IsLost { get; private set; }

        public CancellationToken Token { get; }

        public void Stop()
        {
            IsLost = true;
            try
            {
                _stop.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // It has just ended by itself.
            }
        }

        public void Dispose()
        {
            lock (_owner._lock)
            {
                if (_owner._running.GetValueOrDefault(File.Id) == this) _owner._running.Remove(File.Id);
            }

            _stop.Dispose();
        }
    }
}
