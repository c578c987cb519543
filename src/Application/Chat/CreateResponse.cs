using AiPlatform.Application.Chat.Wire;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Inference.Contracts;
using AiPlatform.Domain.Chat;
using AiPlatform.Domain.Common;
using FluentValidation;
using MediatR;

namespace AiPlatform.Application.Chat;

/// <summary>
/// Creates a response and starts its run, in this process. The result is followed or awaited by the caller; a stored run goes on without either, one that
/// is not stored ends when <c>HungUp</c> is cancelled.
/// </summary>
public sealed record CreateResponse(CreateResponseRequest Body, CancellationToken HungUp) : IRequest<ResponseRun>;

internal sealed class CreateResponseValidator : AbstractValidator<CreateResponse>
{
    public CreateResponseValidator() => RuleFor(request => request.Body).SetValidator(new CreateResponseRules());
}

internal sealed class CreateResponseHandler(
    IChatDb db, ICaller caller, IModelCatalogue catalogue, ContextLoader contexts, ContextWindow window, ResponseRuns runs, ChatOptions options, TimeProvider clock)
    : IRequestHandler<CreateResponse, ResponseRun>
{
    public async Task<ResponseRun> Handle(CreateResponse request, CancellationToken cancellationToken)
    {
        var (body, me, now) = (request.Body, caller.Current, clock.GetUtcNow());
        runs.RequireRoom();
        var model = await catalogue.RequireAsync(ModelOf(body), cancellationToken);
        var input = await db.ResolveAsync(new InputReader("input", now).Read(body.Input), cancellationToken);
        var context = await contexts.LoadAsync(body, now, cancellationToken);
        if (input.Count == 0 && context.Items.Count == 0)
            throw new InvalidRequest("missing_required_parameter", "Send input: a text or a list of items.", "input");

        var prompt = PromptBuilder.ToMessages(body.Instructions, context.Items.Concat(input.Select(item => item.Json)));
        var (messages, dropped) = window.Fit(model, prompt, body.MaxOutputTokens, mayDrop: body.Truncation == "auto");

        var start = new ResponseStart(
            me.WorkspaceId, me.UserId, me.ApiKeyId, model.Id, context.Conversation?.Id, context.Previous, body.Store ?? true, options.ResponseRetention);
        var response = Response.Start(start, now);
        response.Describe(ResponseSettings.Of(body, response, dropped));
        if (response.IsStored) await StoreAsync(response, input, context.Conversation, now, cancellationToken);

        var call = new ModelCall(model, ResponseTranslation.ToChat(body, messages) with { Model = model.Id });
        var run = new ResponseRun(response, call, me, input, context.Conversation?.Id, response.IsStored ? CancellationToken.None : request.HungUp);
        runs.Start(run);
        return run;
    }

    private string ModelOf(CreateResponseRequest body) => body.Model is { Length: > 0 } named
        ? named
        : options.DefaultModel ?? throw new InvalidRequest("missing_required_parameter", "Name a model; GET /v1/models lists them. The operator can set a default by Chat:DefaultModel.", "model");

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
