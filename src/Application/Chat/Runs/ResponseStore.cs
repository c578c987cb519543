using AiPlatform.Application.Chat.Wire;
using AiPlatform.Application.Common;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Domain.Chat;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Application.Chat.Runs;

/// <summary>Writes the end of a run, outside any request: in a scope and a transaction of its own, and with patience for a database that is away.</summary>
public sealed partial class ResponseStore(IServiceScopeFactory scopes, TimeProvider clock, ILogger<ResponseStore> log)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Stores status, output, conversation items and usage at once. Null when that worked; the stored truth where the run has another owner by now.
    /// Throws what the database last said, when patience has run out.
    /// </summary>
    internal async Task<StoredRun?> FinishAsync(ResponseRun run, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        while (true)
        {
            await using var scope = scopes.CreateAsyncScope();
            scope.ServiceProvider.GetRequiredService<CallerContext>().Enter(run.Caller);
            var db = scope.ServiceProvider.GetRequiredService<IChatDb>();
            try
            {
                return await TryFinishAsync(db, run, cancellationToken);
            }
            catch (Exception e) when (clock.GetElapsedTime(started) < Patience)
            {
                LogRetry(log, e.InnerException?.Message ?? e.Message);
                await Task.Delay(Pause, clock, cancellationToken);
            }
        }
    }

    private async Task<StoredRun?> TryFinishAsync(IChatDb db, ResponseRun run, CancellationToken cancellationToken)
    {
        var response = run.Response;
        var now = clock.GetUtcNow();
        var conversation = response.ConversationId is { } id ? await db.Conversations.SingleOrDefaultAsync(conversation => conversation.Id == id, cancellationToken) : null;
        var hasOutput = response.Status is not ResponseStatus.Failed;
        var output = hasOutput ? response.Output.Select(item => new Item(item.Id, response.WorkspaceId, item.Type, ItemJson.ToJson(item), now)).ToList() : [];
        if (response.IsStored)
        {
            // Still in progress, and still ours: the two columns that the update demands unchanged.
            var row = await db.Responses.SingleOrDefaultAsync(row => row.Id == response.Id, cancellationToken);
            if (row is null || row.IsFinal || row.Epoch != response.Epoch) return await StoredRun.LoadAsync(db, response.Id, cancellationToken);
            row.Adopt(response);
            db.Items.AddRange(output);
            db.ResponseItems.AddRange(output.Select((item, index) => new ResponseItem(response.WorkspaceId, response.Id, run.Input.Count + index, true, item.Id)));
        }
        else if (conversation is not null && hasOutput)
        {
            // What is not stored leaves a trace only in its conversation, which gets input and output together.
            db.AddInput(response.WorkspaceId, run.Input, conversation, now);
            db.Items.AddRange(output);
        }

        if (conversation is not null && hasOutput)
        {
            conversation.Touch(said: null, now);
            db.ConversationItems.AddRange(output.Select(item => new ConversationItem(response.WorkspaceId, conversation.Id, item.Id)));
        }

        try
        {
            await db.SaveChangesAsync(cancellationToken);
            return null;
        }
        catch (RunLost)
        {
            return await StoredRun.LoadAsync(db, response.Id, cancellationToken);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The end of a run could not be stored yet: {Reason}")]
    private static partial void LogRetry(ILogger log, string reason);
}
