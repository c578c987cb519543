using System.Text.Json.Serialization;
using AiPlatform.Application.Chat.Wire;
using AiPlatform.Application.Inference.Contracts;
using FluentValidation;
using MediatR;

namespace AiPlatform.Application.Chat.Responses;

/// <summary>Counts the tokens a response of this body would read, without asking the model.</summary>
public sealed record CountInputTokens(CreateResponseRequest Body) : IRequest<InputTokens>;

public sealed record InputTokens([property: JsonPropertyName("input_tokens")] int Count)
{
    [JsonPropertyOrder(-1)]
    public string Object { get; } = "response.input_tokens";
}

internal sealed class CountInputTokensValidator : AbstractValidator<CountInputTokens>
{
    public CountInputTokensValidator() => RuleFor(request => request.Body).SetValidator(new CreateResponseRules());
}

internal sealed class CountInputTokensHandler(PromptLoader prompts, ContextWindow window, ITokenCounter tokens) : IRequestHandler<CountInputTokens, InputTokens>
{
    public async Task<InputTokens> Handle(CountInputTokens request, CancellationToken cancellationToken)
    {
        var prompt = await prompts.LoadAsync(request.Body, unstored: null, cancellationToken);
        var tools = (request.Body.Tools ?? []).Sum(tool => tokens.Count(prompt.Model.UpstreamName, tool.GetRawText()));
        return new InputTokens(window.Count(prompt.Model.UpstreamName, prompt.Messages) + tools);
    }
}
