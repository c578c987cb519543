using AiPlatform.Application.Chat.Responses;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Domain.Chat;
using AiPlatform.Domain.Common;
using AiPlatform.Domain.Usage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Application.Chat.Runs;

/// <summary>Goes on with runs that were claimed: those whose process died or gave them away, and those that waited for room.</summary>
public sealed partial class RunRecovery(
    IServiceScopeFactory scopes, ResponseRuns runs, RunEnding endings, IRunStore runStore, IRunLog runLog, RunUsage usage, TimeProvider clock, ILogger<RunRecovery> log)
{
    /// <summary>Never throws: a run that cannot go on here fails, or is left to its lease.</summary>
    public async Task ResumeAsync(ClaimedRun claim, CancellationToken cancellationToken)
    {
        using var resuming = runs.Resuming(claim);
        try
        {
            await TryResumeAsync(claim, cancellationToken);
        }
        catch (Exception e)
        {
            LogNotResumed(log, claim.Response.Value, e);
        }
    }

    private async Task TryResumeAsync(ClaimedRun claim, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var (db, caller) = (scope.ServiceProvider.GetRequiredService<IChatDb>(), scope.ServiceProvider.GetRequiredService<CallerContext>());
        caller.EnterSystem();
        if (await db.Responses.AsNoTracking().SingleOrDefaultAsync(row => row.Id == claim.Response, cancellationToken) is not { } response) return;
        var owner = FoldedRun.CallerOf(response);
        caller.Enter(owner);

        if (await runLog.ReadRunAsync(claim.Workspace, claim.Response, cancellationToken) is not { } events) return;
        var spent = response.Usage;
        response.Fold(events, clock.GetUtcNow());
        if (RunLimits.AreExceeded(response, claim.Stalls))
        {
            await EndAsync(RunFailure.TooManyInterruptions());
            return;
        }

        ResumedPrompt prompt;
        try
        {
            prompt = await scope.ServiceProvider.GetRequiredService<PromptLoader>().ReloadAsync(response, cancellationToken);
        }
        catch (NotFound e) when (e.Code == ModelLookup.UnknownModel && claim.Stalls < RunLimits.MostStalls)
        {
            // Its vendor may only be out of reach: whoever finds the run when this lease has run out asks again.
            LogNotResumed(log, claim.Response.Value, e);
            return;
        }
        catch (PlatformException e)
        {
            // What it builds on, or its model, is gone since.
            await EndAsync(new ResponseEvent.Failed("server_error", $"The server stopped while it generated this response, and it cannot be continued: {e.Message}"));
            return;
        }

        // Whoever claims a queued run is its first owner.
        var isInterrupted = claim.Epoch > 1;
        // Between two calls of the model, all that was said has been noted.
        var isSearching = response.Output.Any(item => item is FileSearchItem { IsOpen: true });
        if (isInterrupted) response.Interrupt(isSearching ? spent ?? new TokenUsage(0, 0) : usage.WithLost(response, prompt.Call, spent));
        if (!await runStore.ContinueAsync(response, claim.Epoch, claim.Stalls, cancellationToken)) return;
        var run = new ResponseRun(response, prompt.Call, owner, prompt.Input, CancellationToken.None)
        {
            Epoch = claim.Epoch,
            Generates = prompt.Generates,
            FileSearch = prompt.FileSearch,
            HasLostCall = isInterrupted && !isSearching,
            Stalls = claim.Stalls,
            NextSequence = events.Count,
            Spent = response.Usage,
        };
        run.Tail.Append(events);
        runs.Start(run);
        LogResumed(log, claim.Response.Value, events.Count);

        async Task EndAsync(ResponseEvent last)
        {
            var inputs = await db.ResponseItems.CountAsync(place => place.ResponseId == claim.Response && !place.IsOutput, cancellationToken);
            await endings.EndAsync(new FoldedRun(response, claim, events, inputs), owner, last, cancellationToken);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Response {Response} goes on here, after {Events} events")]
    private static partial void LogResumed(ILogger log, Guid response, int events);

    [LoggerMessage(Level = LogLevel.Error, Message = "Response {Response} could not be continued here; it is tried again")]
    private static partial void LogNotResumed(ILogger log, Guid response, Exception exception);
}
