using Microsoft.AspNetCore.Diagnostics;

namespace AiPlatform.Api.Errors;

/// <summary>The one place where exceptions become answers. What is unexpected is logged here, once; the rest is in the request's log line.</summary>
internal sealed partial class ExceptionMapper(ILogger<ExceptionMapper> log) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        // The client is gone: there is nobody to answer, and nothing went wrong.
        if (httpContext.RequestAborted.IsCancellationRequested) return true;
        var error = ApiError.From(exception);
        if (error.IsUnexpected) LogUnexpected(log, exception);
        await ErrorWriter.WriteAsync(httpContext, error);
        return true;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Unexpected failure")]
    private static partial void LogUnexpected(ILogger log, Exception exception);
}
