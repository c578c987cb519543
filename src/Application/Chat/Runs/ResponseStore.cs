using AiPlatform.Application.Chat.Wire;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Domain.Chat;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Application.Chat.Runs;

/// <summary>Writes how runs go, outside any request: in a scope and a transaction of its own, and with patience for a database that is away.</summary>
public sealed partial class ResponseStore(IRunStore runStore, IServiceScopeFactory scopes, TimeProvider clock, ILogger<ResponseStore> log)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// Stores status, output, conversation items, usage and log at once. False where the run has another owner by now, or has been ended by one. Throws what
    /// the database last said, when patience has run out.
    /// </summary>
    internal async Task<bool> FinishAsync(EndedRun end, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                if (end.Response.IsStored) return await FinishStoredAsync(end, cancellationToken) || (attempt > 0 && await IsStoredAsync(end, cancellationToken));
                await FinishUnstoredAsync(end, isRepeat: attempt > 0, cancellationToken);
                return true;
            }
            catch (Exception e) when (clock.GetElapsedTime(started) < Patience && !cancellationToken.IsCancellationRequested)
            {
                LogRetry(log, e.InnerException?.Message ?? e.Message);
                await Task.Delay(Pause, clock, cancellationToken);
            }
        }
    }

    /// <summary>The response as its row has it: without what its run has said.</summary>
    internal async Task<Response?> LoadAsync(ResponseRun run, CancellationToken cancellationToken)
    {
        await using var scope = Enter(run.Caller, out var db);
        var id = run.Response.Id;
        return await db.Responses.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancellationToken);
    }

    private Task<bool> FinishStoredAsync(EndedRun end, CancellationToken cancellationToken)
    {
        var (response, now) = (end.Response, clock.GetUtcNow());
        // A failed response leaves its input only.
        var output = response.Status is ResponseStatus.Failed ? [] : OutputOf(response, now);
        return runStore.EndAsync(new FinishedRun(response, end.Epoch, end.Last[0].Sequence!.Value - 1, LogOf(end), output, end.InputCount, now), cancellationToken);
    }

    // A commit whose answer did not come: the run was not lost to somebody else, but ended by this very write.
    private async Task<bool> IsStoredAsync(EndedRun end, CancellationToken cancellationToken)
    {
        await using var scope = Enter(end.Caller, out var db);
        var (id, lines) = (end.Response.Id, LogOf(end).Payload);
        return await db.ResponseLogs.AnyAsync(stored => stored.ResponseId == id && stored.Payload == lines, cancellationToken);
    }

    private static ResponseLog LogOf(EndedRun end) => new(end.Response, end.Last[^1].Sequence!.Value, EventLines.Compress(end.Written.Concat(end.Last)));

    // What is not stored leaves a trace only in its conversation, which gets input and output together.
    private async Task FinishUnstoredAsync(EndedRun end, bool isRepeat, CancellationToken cancellationToken)
    {
        var (response, now) = (end.Response, clock.GetUtcNow());
        if (response.ConversationId is not { } id || response.Status is ResponseStatus.Failed) return;
        await using var scope = Enter(end.Caller, out var db);
        if (await db.Conversations.SingleOrDefaultAsync(conversation => conversation.Id == id, cancellationToken) is not { } conversation) return;
        var output = OutputOf(response, now);
        var first = output.Count > 0 ? output[0].Id : default;
        if (isRepeat && await db.Items.AnyAsync(item => item.Id == first, cancellationToken)) return;
        db.AddInput(response.WorkspaceId, end.Unstored!, conversation, now);
        db.Items.AddRange(output);
        db.ConversationItems.AddRange(output.Select(item => new ConversationItem(conversation.WorkspaceId, id, item.Id)));
        await db.SaveChangesAsync(cancellationToken);
    }

    private static List<Item> OutputOf(Response response, DateTimeOffset now) =>
        [.. response.Output.Select(item => new Item(item.Id, response.WorkspaceId, item.Type, ItemJson.ToJson(item), now))];

    private AsyncServiceScope Enter(Caller caller, out IChatDb db)
    {
        var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CallerContext>().Enter(caller);
        db = scope.ServiceProvider.GetRequiredService<IChatDb>();
        return scope;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The end of a run could not be stored yet: {Reason}")]
    private static partial void LogRetry(ILogger log, string reason);
}
