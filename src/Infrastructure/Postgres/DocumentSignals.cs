using AiPlatform.Application.Common;
using AiPlatform.Application.Knowledge.Ingestion;
using AiPlatform.Domain.Knowledge;

namespace AiPlatform.Infrastructure.Postgres;

/// <summary>What processes tell each other of vector stores and their files.</summary>
internal sealed class DocumentSignals : IStoreChanges, IDisposable
{
    private const string ClaimableWord = "claimable";

    private readonly Signals _signals;
    private readonly Changes<VectorStoreId> _changes = new();
    private readonly Offers _offers = new();

    public DocumentSignals(Signals signals)
    {
        _signals = signals;
        signals.Received += Receive;
    }

    /// <summary>Files of this store have changed, here or elsewhere.</summary>
    public event Action<VectorStoreId>? Touched;

    public void Happened(VectorStoreId store)
    {
        Tell(store);
        _signals.Send(Signals.Documents, store.Value.ToString("n"));
    }

    public IStoreWatch Watch(VectorStoreId store) => new StoreWatch(_changes.Listen(store));

    /// <summary>A file waits for somebody to work on it.</summary>
    public void Claimable()
    {
        _offers.Offer();
        _signals.Send(Signals.Documents, ClaimableWord);
    }

    /// <summary>Ends when a file waits, or when this much time is over.</summary>
    public Task ClaimableAsync(TimeSpan atMost, CancellationToken cancellationToken) => _offers.NextAsync(atMost, cancellationToken);

    /// <summary>Has the own workers look, and nobody else's.</summary>
    public void LookAgain() => _offers.Offer();

    public void Dispose() => _offers.Dispose();

    private void Receive(string channel, string word)
    {
        if (channel != Signals.Documents) return;
        if (word == ClaimableWord) _offers.Offer();
        else if (Guid.TryParseExact(word, "n", out var id)) Tell(new VectorStoreId(id));
    }

    private void Tell(VectorStoreId store)
    {
        _changes.Happened(store);
        Touched?.Invoke(store);
    }

    private sealed class StoreWatch(Changes<VectorStoreId>.Listener listener) : IStoreWatch
    {
        public Task NextAsync(TimeSpan atMost, CancellationToken cancellationToken) => listener.NextAsync(atMost, cancellationToken);

        public void Dispose() => listener.Dispose();
    }
}
