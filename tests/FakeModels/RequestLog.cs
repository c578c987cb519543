namespace AiPlatform.FakeModels;

/// <summary>The latest requests, and counts over all of them.</summary>
internal sealed class RequestLog(TimeProvider clock)
{
    private const int Kept = 1000;

    private readonly Queue<RecordedRequest> _requests = new();
    private readonly Lock _lock = new();
    private readonly int[] _outcomes = new int[Enum.GetValues<RequestOutcome>().Length];
    private long _total;
    private long _tokens;
    private int _activeStreams;
    private int _mostActiveStreams;

    public int ActiveStreams => Volatile.Read(ref _activeStreams);

    public RecordedRequest Begin(HttpRequest request)
    {
        var recorded = new RecordedRequest
        {
            Number = Interlocked.Increment(ref _total),
            Method = request.Method,
            Path = request.Path,
            Headers = request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            StartedAt = clock.GetUtcNow(),
        };
        lock (_lock)
        {
            _requests.Enqueue(recorded);
            if (_requests.Count > Kept) _requests.Dequeue();
        }

        return recorded;
    }

    public void End(RecordedRequest request, RequestOutcome outcome)
    {
        Interlocked.Increment(ref _outcomes[(int)outcome]);
        Interlocked.Add(ref _tokens, request.TokensSent);
        request.End(outcome, clock.GetUtcNow());
    }

    public void StreamBegins()
    {
        var active = Interlocked.Increment(ref _activeStreams);
        lock (_lock) _mostActiveStreams = Math.Max(_mostActiveStreams, active);
    }

    public void StreamEnds() => Interlocked.Decrement(ref _activeStreams);

    public IReadOnlyList<RecordedRequest> Snapshot()
    {
        lock (_lock) return [.. _requests];
    }

    public RequestTotals Totals() => new(
        Interlocked.Read(ref _total), ActiveStreams, _mostActiveStreams, Interlocked.Read(ref _tokens),
        _outcomes[(int)RequestOutcome.Completed], _outcomes[(int)RequestOutcome.ClientAborted], _outcomes[(int)RequestOutcome.Cut]);

    /// <summary>Forgets the requests; numbers go on, so that ids stay unique.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _requests.Clear();
            _mostActiveStreams = _activeStreams;
        }

        Interlocked.Exchange(ref _tokens, 0);
        Array.Clear(_outcomes);
    }
}

/// <summary>Counts since the start or the last reset; <paramref name="Requests"/> since the start.</summary>
internal sealed record RequestTotals(
    long Requests, int ActiveStreams, int MostActiveStreams, long TokensSent, int Completed, int ClientAborted, int Cut);
