using AiPlatform.Application.Chat.Runs;
using AiPlatform.Domain.Chat;

namespace AiPlatform.Infrastructure.Postgres;

/// <summary>What processes tell each other of runs.</summary>
internal sealed class RunSignals : IRunSignals, IDisposable
{
    private const string ClaimableWord = "claimable";

    private readonly Signals _signals;
    private readonly RunChanges _changes;
    private readonly Offers _offers = new();

    public RunSignals(Signals signals, RunChanges changes)
    {
        (_signals, _changes) = (signals, changes);
        signals.Received += Receive;
    }

    /// <summary>Another process has touched this run.</summary>
    public event Action<ResponseId>? Touched;

    public void Changed(ResponseId response)
    {
        _changes.Happened(response);
        _signals.Send(Signals.Runs, response.Value.ToString("n"));
    }

    public void Claimable()
    {
        _offers.Offer();
        _signals.Send(Signals.Runs, ClaimableWord);
    }

    /// <summary>Ends when a run is offered, or when this much time is over.</summary>
    public Task ClaimableAsync(TimeSpan atMost, CancellationToken cancellationToken) => _offers.NextAsync(atMost, cancellationToken);

    public void Dispose() => _offers.Dispose();

    private void Receive(string channel, string word)
    {
        if (channel != Signals.Runs) return;
        if (word == ClaimableWord) _offers.Offer();
        if (!Guid.TryParseExact(word, "n", out var id)) return;
        _changes.Happened(new ResponseId(id));
        Touched?.Invoke(new ResponseId(id));
    }
}
