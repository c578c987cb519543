using AiPlatform.Application.Chat.Responses;
using AiPlatform.Application.Identity;
using AiPlatform.Application.Identity.Contracts;
using MediatR;
using Microsoft.Extensions.Logging;
using Quartz;

namespace AiPlatform.Infrastructure.Quartz;

/// <summary>Deletes, every hour, what is past its time. Idempotent: a run that was cut off is finished by the next.</summary>
[DisallowConcurrentExecution]
internal sealed partial class PurgeJob(IMediator mediator, CallerContext caller, ILogger<PurgeJob> log) : IJob
{
    public static readonly JobKey Key = new("purge-expired", "housekeeping");

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        caller.EnterSystem();
        var responses = await mediator.Send(new PurgeExpiredResponses(), cancellationToken);
        var sessions = await mediator.Send(new PurgeExpiredSessions(), cancellationToken);
        if (responses + sessions > 0) LogPurged(log, responses, sessions);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Deleted what had expired: {Responses} responses, {Sessions} sessions and links")]
    private static partial void LogPurged(ILogger log, int responses, int sessions);
}
