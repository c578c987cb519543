namespace AiPlatform.Application.Knowledge.Ingestion;

/// <summary>From now on searches see this file, and not the one it replaces.</summary>
internal sealed class SwitchStep(IIngestionLog log)
{
    public Task RunAsync(ClaimedFile file, CancellationToken cancellationToken) => log.CompleteAsync(file, cancellationToken);
}
