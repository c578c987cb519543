namespace AiPlatform.Api.Streaming;

/// <summary>How long open streams may go on once the server is told to stop; without an end they would hold it up until it is killed.</summary>
internal sealed class ShutdownGrace : IDisposable
{
    public static readonly TimeSpan Length = TimeSpan.FromSeconds(10);
    private readonly CancellationTokenSource _over = new();

    public ShutdownGrace(IHostApplicationLifetime lifetime) => lifetime.ApplicationStopping.Register(() => _over.CancelAfter(Length));

    public CancellationToken IsOver => _over.Token;

    public void Dispose() => _over.Dispose();
}
