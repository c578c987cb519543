using AiPlatform.Application.Chat.Answers;
using AiPlatform.Application.Chat.Runs;
using AiPlatform.Application.Chat.Wire;
using AiPlatform.Application.Common;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Domain.Chat;
using AiPlatform.Domain.Common;
using FluentValidation;
using MediatR;

namespace AiPlatform.Application.Chat.Responses;

/// <summary>
/// Creates a response and starts its run, in this process. The result is followed or awaited by the caller; a stored run goes on without either, one that
/// is not stored ends when <c>HungUp</c> is cancelled. A repeat of a request with the same <c>IdempotencyKey</c> gets the run of the first.
/// </summary>
public sealed record CreateResponse(CreateResponseRequest Body, string? IdempotencyKey, CancellationToken HungUp) : IRequest<StartedResponse>
{
    /// <summary>What the caller's connection remembers of responses that are not stored, where it lasts for more than one.</summary>
    public UnstoredResponses? Unstored { get; init; }
}

internal sealed class CreateResponseValidator : AbstractValidator<CreateResponse>
{
    public CreateResponseValidator()
    {
        RuleFor(request => request.Body).SetValidator(new CreateResponseRules());
        RuleFor(request => request.IdempotencyKey).Length(1, IdempotentRequests.MaxLength).OverridePropertyName("Idempotency-Key")
            .WithMessage($"it must have from 1 to {IdempotentRequests.MaxLength} characters.");
        RuleFor(request => request.IdempotencyKey).Null().When(request => request.Body.Store is false).OverridePropertyName("Idempotency-Key")
            .WithMessage("a response with store: false leaves nothing that a repeat could find; leave one of the two out.");
    }
}

internal sealed class CreateResponseHandler(
    IChatDb db, ICaller caller, PromptLoader prompts, IdempotentRequests repeats, IRunStore runStore, ResponseRuns runs, ResponseFollower follower, IRunSignals signals, ChatOptions options,
    TimeProvider clock) : IRequestHandler<CreateResponse, StartedResponse>
{
    public async Task<StartedResponse> Handle(CreateResponse request, CancellationToken cancellationToken)
    {
        var (body, me, now) = (request.Body, caller.Current, clock.GetUtcNow());
        var hash = request.IdempotencyKey is null ? [] : RequestJson.HashOf(body);
        if (await FirstOfAsync(request.IdempotencyKey, hash, cancellationToken) is { } first) return first;

        var isQueued = body.Background is true && runs is { Room: 0, Draining.IsCancellationRequested: false };
        if (!isQueued) runs.RequireRoom();
        var prompt = await prompts.LoadAsync(body, request.Unstored, cancellationToken);
        var (call, dropped) = prompts.ToCall(body, prompt.Model, prompt.Messages);
        var start = new ResponseStart(
            me.WorkspaceId, me.UserId, me.ApiKeyId, prompt.Model.Id, prompt.Conversation?.Id, prompt.Previous, body.Store ?? true, options.ResponseRetention)
        {
            IsBackground = body.Background is true,
            IsQueued = isQueued,
            Request = body.Store is false ? null : RequestJson.ToJson(body),
        };
        var response = Response.Start(start, now);
        response.Describe(ResponseSettings.Of(body, response, dropped));
        var run = new ResponseRun(response, call, me, prompt.Input, response.IsStored ? CancellationToken.None : request.HungUp) 
        {
            Generates = body.Generate is not false,
            FileSearch = FileSearchTool.UsableIn(body),
        };
        var created = ResponseJson.ToJson(response, []);
        if (response.IsStored)
        {
            var events = FirstEventsOf(response);
            try
            {
                var key = request.IdempotencyKey is null ? null : repeats.KeyOf(response, request.IdempotencyKey, hash);
                await StoreAsync(response, events, prompt, body, key, cancellationToken);
            }
            catch (Exception e) when (e is KeyTaken or ConversationBusy)
            {
                // It may be the same request that was faster, on another connection or another server.
                if (await FirstOfAsync(request.IdempotencyKey, hash, cancellationToken) is { } faster) return faster;
                throw e is KeyTaken ? KeyInUse() : ConversationLocked();
            }

            run.NextSequence = events.Count;
            run.Tail.Append(events);
        }

        if (isQueued) signals.Claimable();
        else runs.Start(run);
        return new StartedResponse(db, follower, response, isQueued ? null : run, created) { Unstored = request.Unstored, Context = prompt.Context };
    }

    private async Task<StartedResponse?> FirstOfAsync(string? key, byte[] hash, CancellationToken cancellationToken)
    {
        if (key is null || await repeats.FindAsync(key, hash, cancellationToken) is not { } response) return null;
        return new StartedResponse(db, follower, response, run: null, ResponseJson.ToJson(response, await db.OutputOfAsync(response.Id, cancellationToken)));
    }

    // Written with the response itself: whoever is told its id can find them, wherever it runs.
    private List<WireEvent> FirstEventsOf(Response response)
    {
        ResponseEvent[] events = [new ResponseEvent.Created(), response.Status is ResponseStatus.Queued ? new ResponseEvent.Queued() : new ResponseEvent.InProgress()];
        return [.. events.Select((@event, sequence) => response.Append(@event, sequence, clock.GetUtcNow()))];
    }

    private Task StoreAsync(
        Response response, List<WireEvent> events, Prompt prompt, CreateResponseRequest body, IdempotencyKey? key, CancellationToken cancellationToken)
    {
        var now = response.CreatedAt;
        prompt.Conversation?.Touch(StoredInput.FirstWords(prompt.Input), now);
        var begun = new BegunRun(
            response,
            EventLines.Join(events),
            events.Count - 1,
            IsWatched: body is { OnDisconnect: "cancel", Background: not true },
            [.. prompt.Input.Select(item => item.Id)],
            [.. prompt.Input.Where(item => !item.IsReference).Select(item => new Item(item.Id, response.WorkspaceId, item.Type, item.Json, now))],
            prompt.Conversation,
            key);
        return runStore.BeginAsync(begun, cancellationToken);
    }

    // Whose response has been deleted in this very moment.
    private static RuleBroken KeyInUse() =>
        new("idempotency_key_in_use", "Another request with this Idempotency-Key is just being answered. Try again shortly.", retryAfter: TimeSpan.FromSeconds(1));

    private static RuleBroken ConversationLocked() => new(
        "conversation_locked", "Another response is in progress in this conversation. Wait until it ends, or cancel it.", "conversation", TimeSpan.FromSeconds(1));
}
