using AiPlatform.Domain.Common;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Infrastructure.Files;

/// <summary>What a failing storage means for requests: a 503, and for the operator a line in the log.</summary>
internal static partial class StorageFailures
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    public static Unavailable Unavailable(ILogger log, Exception cause)
    {
        LogFailed(log, cause.GetType().Name, cause.Message);
        return new Unavailable("storage_unavailable", "The file storage does not take part at the moment. Try again shortly; if it goes on, the operator finds the reason in the log.", RetryAfter);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The file storage failed: {Kind}: {Reason}")]
    private static partial void LogFailed(ILogger log, string kind, string reason);
}
