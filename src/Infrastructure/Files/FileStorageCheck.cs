using Microsoft.Extensions.Logging;

namespace AiPlatform.Infrastructure.Files;

/// <summary>Tries the file storage at the start. Wrong settings end the start; a bucket that just does not answer does not: everything else works without it.</summary>
internal sealed partial class FileStorageCheck(ICheckedStorage storage, ILogger<FileStorageCheck> log) 
{
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(15);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeLimit);
        try
        {
            await storage.CheckAsync(limit.Token);
            LogPlace(log, storage.Place);
        }
        catch (Exception e) when (e is not ConfigurationError && !cancellationToken.IsCancellationRequested)
        {
            LogUnreachable(log, storage.Place, e.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Files are kept in {Place}")]
    private static partial void LogPlace(ILogger log, string place);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Files are to be kept in {Place}, which does not answer at the moment: {Reason}")]
    private static partial void LogUnreachable(ILogger log, string place, string reason);
}
