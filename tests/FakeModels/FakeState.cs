using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace AiPlatform.FakeModels;

/// <summary>What the server remembers between requests.</summary>
internal sealed class FakeState(TimeProvider clock)
{
    private const int MostDirectivesCounted = 10_000;

    private readonly string _run = RandomNumberGenerator.GetHexString(8, lowercase: true);
    private readonly ConcurrentDictionary<string, int> _seen = new();

    public TimeProvider Clock => clock;

    public RequestLog Log { get; } = new(clock);

    public ScriptQueue Scripts { get; } = new();

    public string? ApiKey { get; set; }

    public FakeDirective? Standing { get; set; }

    /// <summary>Ids differ between runs, so that what a crashed run left behind is never mistaken for this one's.</summary>
    public string IdOf(long number) => $"{_run}{number:x6}";

    /// <summary>Drops the misbehaviour once the directive has been seen as often as its <c>times</c> says.</summary>
    public FakeDirective CountDown(FakeDirective directive)
    {
        if (directive.Times is not { } times) return directive;
        if (_seen.Count > MostDirectivesCounted) _seen.Clear();
        return _seen.AddOrUpdate(directive.Source, 1, (_, count) => count + 1) > times ? directive.Behaving() : directive;
    }

    public void Reset()
    {
        _seen.Clear();
        Scripts.Clear();
        Log.Clear();
        Standing = null;
    }
}

internal sealed class ScriptQueue
{
    private readonly LinkedList<FakeScript> _scripts = new();
    private readonly Lock _lock = new();

    public void Add(FakeScript script)
    {
        lock (_lock) _scripts.AddLast(script);
    }

    public FakeScript? Take(RecordedRequest request)
    {
        lock (_lock)
        {
            for (var node = _scripts.First; node is not null; node = node.Next)
            {
                if (node.Value.When?.Invoke(request) == false) continue;
                _scripts.Remove(node);
                return node.Value;
            }
        }

        return null;
    }

    public void Clear()
    {
        lock (_lock) _scripts.Clear();
    }
}
