namespace AiPlatform.Application.Knowledge.Evaluations;

/// <summary>How many questions of evaluations this process asks at once, of all of them together: people who search come first, and what is measured is not the waiting of questions for each other.</summary>
internal sealed class EvaluationRoom : IDisposable
{
    public const int Searches = 2;

    private readonly SemaphoreSlim _room = new(Searches, Searches);

    /// <summary>Waits until there is room; disposing of the answer leaves it.</summary>
    public async Task<IDisposable> EnterAsync(CancellationToken cancellationToken)
    {
        await _room.WaitAsync(cancellationToken);
        return new Place(_room);
    }

    public void Dispose() => _room.Dispose();

    private sealed class Place(SemaphoreSlim room) : IDisposable
    {
        public void Dispose() => room.Release();
    }
}
