using System.Text.Json;
using AiPlatform.Application.Chat.Answers;
using AiPlatform.Application.Chat.Wire;
using AiPlatform.Application.Common;
using FluentValidation;

namespace AiPlatform.Application.Chat.Responses;

/// <summary>What the API demands of a new response. What the API has and we do not is refused by name, rather than quietly left out.</summary>
internal sealed class CreateResponseRules : AbstractValidator<CreateResponseRequest>
{
    private const string Unsupported = "unsupported_parameter";

    private static readonly string[] Includes =
    [
        "file_search_call.results", "web_search_call.results", "web_search_call.action.sources", "message.input_image.image_url", "computer_call_output.output.image_url",
        "code_interpreter_call.outputs", "reasoning.encrypted_content", "message.output_text.logprobs",
    ];

    public CreateResponseRules()
    {
        RuleFor(request => request.MaxOutputTokens).GreaterThanOrEqualTo(16).WithMessage("it must be at least 16.");
        RuleFor(request => request.Temperature).InclusiveBetween(0, 2).WithMessage("it must be from 0 to 2.");
        RuleFor(request => request.TopP).InclusiveBetween(0, 1).WithMessage("it must be from 0 to 1.");
        RuleFor(request => request.TopLogprobs).InclusiveBetween(0, 20).WithMessage("it must be from 0 to 20.");
        RuleFor(request => request.Truncation).Must(value => value is null or "auto" or "disabled").WithMessage("it must be 'auto' or 'disabled'.");
        RuleFor(request => request.Metadata).IsMetadata();
        RuleFor(request => request.SafetyIdentifier).MaximumLength(64).WithMessage("it takes up to 64 characters.");
        RuleForEach(request => request.Include).Must(value => Includes.Contains(value)).WithMessage($"it must be one of: {string.Join(", ", Includes)}.");
        RuleFor(request => request.PreviousResponseId).Null().When(request => request.Conversation is { ValueKind: not JsonValueKind.Null })
            .WithMessage("it cannot be combined with conversation; send one of the two.").WithState(_ => "mutually_exclusive_parameters");
        RuleFor(request => request.Conversation)
            .Must(value => value is null || value.Value.ValueKind is JsonValueKind.Null or JsonValueKind.String
                || (value.Value.ValueKind is JsonValueKind.Object && value.Value.TryGetProperty("id", out var id) && id.ValueKind is JsonValueKind.String))
            .WithMessage("it must be a conversation's id, or an object with it.");
        RuleForEach(request => request.Tools).Must(IsTool)
            .WithState(_ => "unsupported_value").WithMessage("only tools of type 'function', with a name, and of type 'file_search' are supported.");
        RuleFor(request => request.ToolChoice).Must(IsToolChoice).WithMessage("it must be none, auto, required, a function by name, file_search, or allowed_tools.");
        RuleFor(request => request.ToolChoice).Must(choice => choice is not { } value || !FileSearchTool.IsFileSearch(value))
            .When(request => request.Tools?.Any(FileSearchTool.IsFileSearch) is not true).WithMessage("there is no file_search among the tools.");
        RuleFor(request => request.MaxToolCalls).GreaterThanOrEqualTo(1).WithMessage("it must be at least 1.");
        RuleFor(request => request.Text!.Format).Must(IsFormat).When(request => request.Text is not null).OverridePropertyName("text.format")
            .WithMessage("it must be text, json_object, or json_schema with a name and a schema.");

        RuleFor(request => request.Reasoning!.Mode).Must(mode => mode is null or "standard").When(request => request.Reasoning is not null).OverridePropertyName("reasoning.mode")
            .WithState(_ => "unsupported_value").WithMessage("only 'standard' is supported.");
        RuleFor(request => request.Reasoning!.Context).Must(context => context is null or "auto" or "current_turn").When(request => request.Reasoning is not null)
            .OverridePropertyName("reasoning.context").WithState(_ => "unsupported_value").WithMessage("models are not shown their earlier reasoning; it must be 'auto' or 'current_turn'.");

        Refuse(request => request.Prompt, "stored prompts are not supported; send the text as instructions and input.");
        Refuse(request => request.ContextManagement, "compaction is not supported; use truncation.");
        Refuse(request => request.Moderation, "it is not supported.");
        Refuse(request => request.Personality, "it is not supported; describe the style in instructions.");
        RuleFor(request => request.Background).Must(value => value is not true).When(request => request.Store is false)
            .WithMessage("a response in the background must be stored; leave store: false out.");
        RuleFor(request => request.OnDisconnect).Must(value => value is null or "continue" or "cancel").WithMessage("it must be 'continue' or 'cancel'.");
    }

    private void Refuse(System.Linq.Expressions.Expression<Func<CreateResponseRequest, JsonElement?>> parameter, string why) =>
        RuleFor(parameter).Must(value => value is null or { ValueKind: JsonValueKind.Null }).WithState(_ => Unsupported).WithMessage(why);

    private static bool IsToolChoice(JsonElement? choice) => choice is not { } value || value.ValueKind switch
    {
        JsonValueKind.Null => true,
        JsonValueKind.String => value.GetString() is "none" or "auto" or "required",
        JsonValueKind.Object => IsTool(value) || IsAllowedTools(value),
        _ => false,
    };

    private static bool IsTool(JsonElement tool) => IsFunction(tool) || FileSearchTool.IsFileSearch(tool);

    private static bool IsFunction(JsonElement tool) => tool.ValueKind is JsonValueKind.Object && TextOf(tool, "type") == "function" && TextOf(tool, "name") is { Length: > 0 };

    private static bool IsAllowedTools(JsonElement choice) => TextOf(choice, "type") == "allowed_tools"
        && (!choice.TryGetProperty("mode", out _) || TextOf(choice, "mode") is "auto" or "required")
        && choice.TryGetProperty("tools", out var tools) && tools.ValueKind is JsonValueKind.Array && tools.EnumerateArray().All(IsTool);

    private static bool IsFormat(JsonElement? format) => format is not { } value || value.ValueKind switch
    {
        JsonValueKind.Null => true,
        JsonValueKind.Object => TextOf(value, "type") is "text" or "json_object"
            || (TextOf(value, "type") == "json_schema" && TextOf(value, "name") is not null && value.TryGetProperty("schema", out var schema) && schema.ValueKind is JsonValueKind.Object),
        _ => false,
    };

    private static string? TextOf(JsonElement value, string name) => value.TryGetProperty(name, out var text) && text.ValueKind is JsonValueKind.String ? text.GetString() : null;
}
