using AiPlatform.Application.Inference.Contracts;
using FluentValidation;
using MediatR;

namespace AiPlatform.Application.Chat.Completions;

/// <summary>Answers a chat completion in one piece: the <c>chat.completion</c> object as JSON.</summary>
public sealed record CompleteChat(ChatCompletionRequest Body) : IRequest<ReadOnlyMemory<byte>>;

internal sealed class CompleteChatValidator : AbstractValidator<CompleteChat>
{
    public CompleteChatValidator() => RuleFor(request => request.Body).SetValidator(new ChatCompletionRules());
}

internal sealed class CompleteChatHandler(IModelCatalogue catalogue, IChatModel models) : IRequestHandler<CompleteChat, ReadOnlyMemory<byte>>
{
    public async Task<ReadOnlyMemory<byte>> Handle(CompleteChat request, CancellationToken cancellationToken)
    {
        var model = await catalogue.RequireAsync(request.Body.Model, cancellationToken);
        var answer = await models.CompleteAsync(new ModelCall(model, request.Body), cancellationToken);
        return answer.Json;
    }
}
