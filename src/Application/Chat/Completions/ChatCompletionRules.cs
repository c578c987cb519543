using System.Text.Json;
using AiPlatform.Application.Chat.Answers;
using AiPlatform.Application.Common;
using AiPlatform.Application.Inference.Contracts;
using FluentValidation;

namespace AiPlatform.Application.Chat.Completions;

/// <summary>What the API demands of a chat completion, whichever model answers it. Vendors check the rest themselves.</summary>
internal sealed class ChatCompletionRules : AbstractValidator<ChatCompletionRequest>
{
    private static readonly string[] Roles = ["system", "developer", "user", "assistant", "tool", "function"];

    public ChatCompletionRules()
    {
        RuleFor(request => request.Model).NotEmpty().WithMessage("name a model; GET /v1/models lists them.");
        RuleFor(request => request.Messages).NotEmpty().WithMessage("send at least one message.");
        RuleForEach(request => request.Messages).NotNull().WithMessage("it must be a message.").ChildRules(message =>
        {
            message.RuleFor(m => m.Role).Must(role => Roles.Contains(role)).WithMessage($"it must be one of: {string.Join(", ", Roles)}.");
            message.RuleFor(m => m.Content)
                .Must(content => content is null || content.Value.ValueKind is JsonValueKind.String or JsonValueKind.Array or JsonValueKind.Null)
                .WithMessage("it must be a string or an array of content parts.");
            message.RuleFor(m => m.Content).NotNull().When(m => m.Role is "user" or "system" or "developer" or "tool").WithMessage("a message of this role needs content.");
            message.RuleForEach(m => m.ToolCalls).NotNull().WithMessage("it must be a tool call.");
        });
        RuleForEach(request => request.Tools).NotNull().WithMessage("it must be a tool.");
        RuleForEach(request => request.Tools).Must(tool => tool?.Type != FileSearchTool.Type)
            .WithState(_ => "unsupported_value").WithMessage("documents are not a tool of this API. Send them in the field 'file_search': {\"vector_store_ids\": [...]}.");
        RuleFor(request => request.N).InclusiveBetween(1, 128).WithMessage("it must be from 1 to 128.");
        RuleFor(request => request.N).Must(n => n is null or 1).When(request => request.FileSearch is { ValueKind: not JsonValueKind.Null })
            .WithMessage("answers from documents come one at a time; leave it out beside file_search.");
        RuleFor(request => request.Temperature).InclusiveBetween(0, 2).WithMessage("it must be from 0 to 2.");
        RuleFor(request => request.TopP).InclusiveBetween(0, 1).WithMessage("it must be from 0 to 1.");
        RuleFor(request => request.FrequencyPenalty).InclusiveBetween(-2, 2).WithMessage("it must be from -2 to 2.");
        RuleFor(request => request.PresencePenalty).InclusiveBetween(-2, 2).WithMessage("it must be from -2 to 2.");
        RuleFor(request => request.MaxTokens).GreaterThan(0).WithMessage("it must be at least 1.");
        RuleFor(request => request.MaxCompletionTokens).GreaterThan(0).WithMessage("it must be at least 1.");
        RuleFor(request => request.TopLogprobs).InclusiveBetween(0, 20).WithMessage("it must be from 0 to 20.");
        RuleFor(request => request.TopLogprobs).Null().When(request => request.Logprobs is not true).WithMessage("it needs logprobs: true.");
        RuleFor(request => request.Stop).Must(IsStop).WithMessage("it must be a string or an array of up to 4 strings.");
        RuleFor(request => request.StreamOptions).Null().When(request => request.Stream is not true).WithMessage("it needs stream: true.");
        RuleFor(request => request.Metadata).IsMetadata();
    }

    private static bool IsStop(JsonElement? stop) => stop is not { } value || value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.String => true,
        JsonValueKind.Array => value.GetArrayLength() <= 4 && value.EnumerateArray().All(entry => entry.ValueKind is JsonValueKind.String),
        _ => false,
    };
}
