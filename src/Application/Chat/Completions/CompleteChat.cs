using AiPlatform.Application.Chat.Answers;
using AiPlatform.Application.Chat.Wire;
using AiPlatform.Application.Inference.Contracts;
using AiPlatform.Domain.Chat;
using FluentValidation;
using MediatR;

namespace AiPlatform.Application.Chat.Completions;

/// <summary>Answers a chat completion in one piece: the <c>chat.completion</c> object as JSON.</summary>
public sealed record CompleteChat(ChatCompletionRequest Body) : IRequest<ReadOnlyMemory<byte>>;

internal sealed class CompleteChatValidator : AbstractValidator<CompleteChat>
{
    public CompleteChatValidator() => RuleFor(request => request.Body).SetValidator(new ChatCompletionRules());
}

internal sealed class CompleteChatHandler(IModelCatalogue catalogue, IChatModel models, GroundedChat grounded, TimeProvider clock) : IRequestHandler<CompleteChat, ReadOnlyMemory<byte>>
{
    public async Task<ReadOnlyMemory<byte>> Handle(CompleteChat request, CancellationToken cancellationToken)
    {
        var model = await catalogue.RequireAsync(request.Body.Model, cancellationToken);
        if (await grounded.ToolOfAsync(request.Body, cancellationToken) is { } tool) return await AnswerAsync(tool, new ModelCall(model, request.Body), cancellationToken);
        var answer = await models.CompleteAsync(new ModelCall(model, request.Body with { FileSearch = null }), cancellationToken);
        return answer.Json;
    }

    private async Task<ReadOnlyMemory<byte>> AnswerAsync(FileSearchTool tool, ModelCall call, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var answer = new ChatCompletionAssembler(ChatIdOf(now), call.Model.Id, now);
        var citations = new List<FileCitation>();
        await foreach (var (delta, citation) in grounded.StreamAsync(tool, call, cancellationToken))
        {
            if (delta is not null) answer.Add(delta);
            if (citation is not null) citations.Add(citation);
        }

        answer.Annotations = ItemJson.ToJson(citations);
        return answer.ToAnswer().Json;
    }

    private static string ChatIdOf(DateTimeOffset now) => "chatcmpl-" + Guid.CreateVersion7(now).ToString("n");
}
