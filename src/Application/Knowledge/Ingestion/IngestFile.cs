using AiPlatform.Application.Common;
using AiPlatform.Application.Knowledge.Extraction;
using AiPlatform.Domain.Knowledge;
using MediatR;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Application.Knowledge.Ingestion;

/// <summary>Does what is left to do for a file, from the step it has come to, until it is completed, has failed, waits for another attempt, or is lost to somebody else.</summary>
public sealed record IngestFile(ClaimedFile File) : IRequest;

internal sealed partial class IngestFileHandler(
    IngestionSteps steps, IIngestionLog ingestionLog, FailurePolicy policy, RunningFiles running, IngestionMetrics metrics, TimeProvider clock, ILogger<IngestFileHandler> log)
    : IRequestHandler<IngestFile>
{
    private static readonly TimeSpan DatabasePause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(5);

    public async Task<Unit> Handle(IngestFile request, CancellationToken cancellationToken)
    {
        using var work = running.Begin(request.File, cancellationToken);
        if (request.File.Crashes >= FailurePolicy.MostCrashes)
        {
            await EndAsync(work, new Verdict.GiveUp(FailurePolicy.Crashed), failure: null);
            return Unit.Value;
        }

        try
        {
            while (await steps.RunAsync(work.File, work.Token) is { } next) work.File = next;

            metrics.Ended("completed");
            LogCompleted(log, work.File.Id.Value, (clock.GetUtcNow() - work.File.CreatedAt).TotalSeconds);
        }
        catch (FileLost)
        {
            LogLost(log, work.File.Id.Value, work.File.Step);
        }
        catch (Exception) when (work.IsLost)
        {
            LogLost(log, work.File.Id.Value, work.File.Step);
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            // This process stops: another goes on at once.
            await TryAsync(token => ingestionLog.ReleaseAsync(work.File, token));
        }
        catch (Exception e)
        {
            await EndAsync(work, policy.Judge(e, work.File), e);
        }

        return Unit.Value;
    }

    private async Task EndAsync(RunningFiles.Running work, Verdict verdict, Exception? failure)
    {
        var file = work.File;
        switch (verdict)
        {
            case Verdict.GiveUp(var problem):
                if (!await InsistAsync(work, token => ingestionLog.FailAsync(file, problem, token))) return;
                metrics.Ended("failed");
                LogFailed(log, failure is DocumentRefused or StepFailed ? null : failure, file.Id.Value, file.Step, problem.Code, file.Attempts);
                break;
            case Verdict.TryAgain(var problem, var delay):
                if (await InsistAsync(work, token => ingestionLog.PostponeAsync(file, problem, delay, token)))
                    LogPostponed(log, file.Id.Value, file.Step, file.Attempts, delay.TotalSeconds, failure!.GetType().Name);
                break;
            default:
                await PauseAsync(work);
                await InsistAsync(work, token => ingestionLog.ReleaseAsync(file, token));
                break;
        }
    }

    /// <summary>
    /// Until the database has heard it. The lease is renewed as soon as it answers, so nobody takes a long absence for a death. False when the file was lost meanwhile, or this
    /// process stops.
    /// </summary>
    private async Task<bool> InsistAsync(RunningFiles.Running work, Func<CancellationToken, Task> write)
    {
        while (!await TryAsync(write))
        {
            await PauseAsync(work);
            if (work.Token.IsCancellationRequested) return false;
        }

        return !work.IsLost;
    }

    private async Task PauseAsync(RunningFiles.Running work) => await Task.Delay(DatabasePause, clock, work.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private async Task<bool> TryAsync(Func<CancellationToken, Task> write)
    {
        using var limit = new CancellationTokenSource(LastWords, clock);
        try
        {
            await write(limit.Token);
            return true;
        }
        catch (FileLost)
        {
            return true;
        }
        catch (Exception e) when (limit.IsCancellationRequested || e.InnerException is TimeoutException || DatabaseOutage.IsBehind(e))
        {
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "File {File} is ingested, {Seconds} s after it was attached")]
    private static partial void LogCompleted(ILogger log, Guid file, double seconds);

    [LoggerMessage(Level = LogLevel.Information, Message = "File {File} was taken from this worker in step {Step}: it was cancelled or deleted, or another worker goes on")]
    private static partial void LogLost(ILogger log, Guid file, IngestionStep step);

    [LoggerMessage(Level = LogLevel.Information, Message = "File {File}, step {Step}, attempt {Attempt} failed ({Failure}); the next is in {Seconds} s")]
    private static partial void LogPostponed(ILogger log, Guid file, IngestionStep step, int attempt, double seconds, string failure);

    [LoggerMessage(Level = LogLevel.Warning, Message = "File {File} failed in step {Step} with {Code}, attempt {Attempt}")]
    private static partial void LogFailed(ILogger log, Exception? failure, Guid file, IngestionStep step, string code, int attempt);
}
