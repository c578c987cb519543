using AiPlatform.Application.Chat.Responses;
using AiPlatform.Application.Identity;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Knowledge.Files;
using MediatR;
using Microsoft.Extensions.Logging;
using Quartz;

namespace AiPlatform.Infrastructure.Quartz;

/// <summary>Deletes, every hour and soon after a start, what is past its time. Idempotent: a run that was cut off is finished by the next.</summary>
[DisallowConcurrentExecution]
internal sealed partial class PurgeJob(IMediator mediator, CallerContext caller, ILogger<PurgeJob> log) : IJob
{
    /// <summary>After a start, which has enough to do.</summary>
    public static readonly TimeSpan Delay = TimeSpan.FromSeconds(20);

    public static readonly JobKey Key = new("purge-expired", "housekeeping");

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        caller.EnterSystem();
        var responses = await mediator.Send(new PurgeExpiredResponses(), cancellationToken);
        var sessions = await mediator.Send(new PurgeExpiredSessions(), cancellationToken);
        var files = await mediator.Send(new PurgeFiles(), cancellationToken);
        if (responses + sessions + files > 0) LogPurged(log, responses, sessions, files);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Deleted what had expired: {Responses} responses, {Sessions} sessions and links, {Files} files and parts of uploads")]
    private static partial void LogPurged(ILogger log, int responses, int sessions, int files);
}
