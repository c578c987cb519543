using AiPlatform.Application.Chat.Runs;
using AiPlatform.Application.Chat.Wire;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Inference.Contracts;
using AiPlatform.Domain.Chat;
using AiPlatform.Domain.Common;
using FluentValidation;
using MediatR;

namespace AiPlatform.Application.Chat.Responses;

/// <summary>
/// Creates a response and starts its run, in this process. The result is followed or awaited by the caller; a stored run goes on without either, one that
/// is not stored ends when <c>HungUp</c> is cancelled.
/// </summary>
public sealed record CreateResponse(CreateResponseRequest Body, CancellationToken HungUp) : IRequest<ResponseRun>;

internal sealed class CreateResponseValidator : AbstractValidator<CreateResponse>
{
    public CreateResponseValidator() => RuleFor(request => request.Body).SetValidator(new CreateResponseRules());
}

internal sealed class CreateResponseHandler(IChatDb db, ICaller caller, PromptLoader prompts, ContextWindow window, ResponseRuns runs, ChatOptions options, TimeProvider clock)
    : IRequestHandler<CreateResponse, ResponseRun>
{
    public async Task<ResponseRun> Handle(CreateResponse request, CancellationToken cancellationToken)
    {
        var (body, me, now) = (request.Body, caller.Current, clock.GetUtcNow());
        runs.RequireRoom();
        var prompt = await prompts.LoadAsync(body, cancellationToken);
        var (messages, dropped) = window.Fit(prompt.Model, prompt.Messages, body.MaxOutputTokens, mayDrop: body.Truncation == "auto");

        var start = new ResponseStart(
            me.WorkspaceId, me.UserId, me.ApiKeyId, prompt.Model.Id, prompt.Conversation?.Id, prompt.Previous, body.Store ?? true, options.ResponseRetention);
        var response = Response.Start(start, now);
        response.Describe(ResponseSettings.Of(body, response, dropped));
        if (response.IsStored) await StoreAsync(response, prompt.Input, prompt.Conversation, now, cancellationToken);

        var call = new ModelCall(prompt.Model, ResponseTranslation.ToChat(body, messages) with { Model = prompt.Model.Id });
        var run = new ResponseRun(response, call, me, prompt.Input, response.IsStored ? CancellationToken.None : request.HungUp);
        runs.Start(run);
        return run;
    }

    private async Task StoreAsync(Response response, IReadOnlyList<InputItem> input, Conversation? conversation, DateTimeOffset now, CancellationToken cancellationToken)
    {
        db.Responses.Add(response);
        db.AddInput(response.WorkspaceId, input, conversation, now);
        db.ResponseItems.AddRange(input.Select((item, index) => new ResponseItem(response.WorkspaceId, response.Id, index, false, item.Id)));
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (ConversationBusy)
        {
            throw new RuleBroken(
                "conversation_locked", "Another response is in progress in this conversation. Wait until it ends, or cancel it.", "conversation", TimeSpan.FromSeconds(1));
        }
    }
}
