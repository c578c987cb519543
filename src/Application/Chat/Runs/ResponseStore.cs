using AiPlatform.Application.Chat.Wire;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Domain.Chat;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Application.Chat.Runs;

/// <summary>Writes how runs go, outside any request: in a scope and a transaction of its own, and with patience for a database that is away.</summary>
public sealed partial class ResponseStore(IServiceScopeFactory scopes, TimeProvider clock, ILogger<ResponseStore> log)
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
        while (true)
        {
            await using var scope = scopes.CreateAsyncScope();
            scope.ServiceProvider.GetRequiredService<CallerContext>().Enter(end.Caller);
            var db = scope.ServiceProvider.GetRequiredService<IChatDb>();
            try
            {
                if (!end.Response.IsStored) await FinishUnstoredAsync(db, end, cancellationToken);
                else await FinishStoredAsync(db, end, cancellationToken);
                return true;
            }
            catch (RunLost)
            {
                return await IsStoredAsync(db, end, cancellationToken);
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
        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CallerContext>().Enter(run.Caller);
        var id = run.Response.Id;
        return await scope.ServiceProvider.GetRequiredService<IChatDb>().Responses.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancellationToken);
    }

    /// <summary>Notes an interruption of a run that goes on in this process.</summary>
    internal async Task InterruptAsync(ResponseRun run, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CallerContext>().Enter(run.Caller);
        var db = scope.ServiceProvider.GetRequiredService<IChatDb>();
        var (id, epoch, stalls) = (run.Response.Id, run.Epoch, run.Stalls);
        if (await db.Runs.Where(row => row.ResponseId == id && row.Epoch == epoch).ExecuteUpdateAsync(set => set.SetProperty(row => row.Stalls, stalls), cancellationToken) == 0) return;
        var row = await db.Responses.SingleAsync(row => row.Id == id, cancellationToken);
        row.Interrupt(run.Spent!);
        await db.SaveChangesAsync(cancellationToken);
    }

    private async Task FinishStoredAsync(IChatDb db, EndedRun end, CancellationToken cancellationToken)
    {
        var (response, now) = (end.Response, clock.GetUtcNow());
        var (id, last) = (response.Id, end.Last[^1].Sequence!.Value);
        await using var transaction = await db.BeginAsync(cancellationToken);
        // First the fence: the row goes if it is still as we believe, and of all who try one succeeds.
        db.Runs.Remove(Run.Fenced(id, response.WorkspaceId, end.Epoch, end.Last[0].Sequence!.Value - 1));
        var row = await db.Responses.SingleOrDefaultAsync(row => row.Id == id, cancellationToken) ?? throw new RunLost();
        row.Adopt(response);
        db.ResponseLogs.Add(new ResponseLog(response, last, EventLines.Compress(end.Written.Concat(end.Last))));
        // A failed response leaves its input only.
        if (response.Status is not ResponseStatus.Failed)
        {
            var output = response.Output.Select(item => new Item(item.Id, response.WorkspaceId, item.Type, ItemJson.ToJson(item), now)).ToList();
            db.Items.AddRange(output);
            db.ResponseItems.AddRange(output.Select((item, index) => new ResponseItem(response.WorkspaceId, id, end.InputCount + index, true, item.Id)));
            if (row.ConversationId is { } conversation) await AddToConversationAsync(db, conversation, output, now, cancellationToken);
        }

        await db.SaveChangesAsync(cancellationToken);
        await db.RunEvents.Where(events => events.ResponseId == id).ExecuteDeleteAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    // A commit whose answer did not come: the run was not lost to somebody else, but ended by this very write.
    private static async Task<bool> IsStoredAsync(IChatDb db, EndedRun end, CancellationToken cancellationToken)
    {
        var (id, last, lines) = (end.Response.Id, end.Last[^1].Sequence!.Value, EventLines.Compress(end.Written.Concat(end.Last)));
        return await db.ResponseLogs.AnyAsync(stored => stored.ResponseId == id && stored.LastSequence == last && stored.Payload == lines, cancellationToken);
    }

    // What is not stored leaves a trace only in its conversation, which gets input and output together.
    private async Task FinishUnstoredAsync(IChatDb db, EndedRun end, CancellationToken cancellationToken)
    {
        var (response, now) = (end.Response, clock.GetUtcNow());
        if (response.ConversationId is not { } id || response.Status is ResponseStatus.Failed) return;
        if (await db.Conversations.SingleOrDefaultAsync(conversation => conversation.Id == id, cancellationToken) is not { } conversation) return;
        db.AddInput(response.WorkspaceId, end.Unstored!, conversation, now);
        var output = response.Output.Select(item => new Item(item.Id, response.WorkspaceId, item.Type, ItemJson.ToJson(item), now)).ToList();
        db.Items.AddRange(output);
        await AddToConversationAsync(db, id, output, now, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
    }

    private static async Task AddToConversationAsync(IChatDb db, ConversationId id, List<Item> output, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await db.Conversations.SingleOrDefaultAsync(conversation => conversation.Id == id, cancellationToken) is not { } conversation) return;
        conversation.Touch(said: null, now);
        db.ConversationItems.AddRange(output.Select(item => new ConversationItem(conversation.WorkspaceId, conversation.Id, item.Id)));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The end of a run could not be stored yet: {Reason}")]
    private static partial void LogRetry(ILogger log, string reason);
}
