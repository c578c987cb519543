namespace AiPlatform.FakeModels;

/// <summary>One queued answer: what the next (matching) request gets, whatever its messages say.</summary>
public sealed record FakeScript
{
    /// <summary>The behaviour, in the vocabulary of directives.</summary>
    public FakeDirective Directive { get; init; } = new();

    /// <summary>The exact text to answer; null leaves it to the directive, or to the echo of the message.</summary>
    public string? Text { get; init; }

    /// <summary>Holds every token back until the test lets it go.</summary>
    public FakeGate? Gate { get; init; }

    /// <summary>Only requests for which this is true take the script; the others leave it in the queue.</summary>
    public Func<RecordedRequest, bool>? When { get; init; }

    /// <summary>Behaves as a directive says, for example <c>FakeScript.Do("status=503 retry-after=1")</c>.</summary>
    public static FakeScript Do(string keys) => new() { Directive = FakeDirective.Parse(keys) };

    /// <summary>Answers exactly this text, optionally with the behaviour of a directive.</summary>
    public static FakeScript Say(string text, string keys = "") => new() { Text = text, Directive = FakeDirective.Parse(keys) };
}

/// <summary>Lets a test decide when each token is sent, so that no test has to sleep.</summary>
public sealed class FakeGate : IDisposable
{
    private readonly SemaphoreSlim _permits = new(0);
    private volatile bool _open;

    /// <summary>Lets the next tokens through.</summary>
    public void Release(int tokens = 1) => _permits.Release(tokens);

    /// <summary>Lets everything through from now on.</summary>
    public void Open()
    {
        _open = true;
        _permits.Release();
    }

    public void Dispose() => _permits.Dispose();

    internal async ValueTask PassAsync(CancellationToken cancellationToken)
    {
        if (_open) return;
        await _permits.WaitAsync(cancellationToken);
        if (_open) _permits.Release();
    }
}
