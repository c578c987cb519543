using System.Text.Json;
using AiPlatform.Application.Chat.Answers;
using AiPlatform.Application.Chat.Wire;
using AiPlatform.Application.Inference.Contracts;

namespace AiPlatform.Application.Chat.Responses;

/// <summary>Words a request of the responses API as a chat completion: the same wishes under the names of the older API.</summary>
internal static class ResponseTranslation
{
    public static ChatCompletionRequest ToChat(CreateResponseRequest request, IReadOnlyList<ChatMessage> messages)
    {
        var tools = ToolsOf(request);
        var extra = new Dictionary<string, JsonElement>();
        if (request.Text?.Verbosity is { } verbosity) extra["verbosity"] = Json(verbosity);
        if (request.ServiceTier is { } tier) extra["service_tier"] = Json(tier);
        if (request.SafetyIdentifier is { } safety) extra["safety_identifier"] = Json(safety);
        if (request.PromptCacheKey is { } key) extra["prompt_cache_key"] = Json(key);
        if (request.PromptCacheRetention is { } retention) extra["prompt_cache_retention"] = Json(retention);
        if (request.PromptCacheOptions is { } caching) extra["prompt_cache_options"] = caching;
        var wantsLogprobs = request.TopLogprobs is > 0 || request.Include?.Contains("message.output_text.logprobs") is true;
        return new ChatCompletionRequest
        {
            Messages = messages,
            Temperature = request.Temperature,
            TopP = request.TopP,
            MaxCompletionTokens = request.MaxOutputTokens,
            Tools = tools.Count == 0 ? null : tools,
            ToolChoice = tools.Count == 0 ? null : ToolChoiceOf(request.ToolChoice),
            ParallelToolCalls = tools.Count == 0 ? null : request.ParallelToolCalls,
            ResponseFormat = FormatOf(request.Text?.Format),
            ReasoningEffort = request.Reasoning?.Effort,
            Logprobs = wantsLogprobs ? true : null,
            TopLogprobs = wantsLogprobs ? request.TopLogprobs : null,
            User = request.User,
            Extra = extra.Count == 0 ? null : extra,
        };
    }

    private static List<ChatTool> ToolsOf(CreateResponseRequest request)
    {
        var tools = (request.Tools ?? []).Where(tool => !FileSearchTool.IsFileSearch(tool)).Select(tool => new ChatTool
        {
            Function = new ChatFunction
            {
                Name = tool.GetProperty("name").GetString()!,
                Description = tool.TryGetProperty("description", out var description) && description.ValueKind is JsonValueKind.String ? description.GetString() : null,
                Parameters = tool.TryGetProperty("parameters", out var parameters) && parameters.ValueKind is JsonValueKind.Object ? parameters : null,
                Strict = tool.TryGetProperty("strict", out var strict) && strict.ValueKind is JsonValueKind.True or JsonValueKind.False ? strict.GetBoolean() : null,
            },
        }).ToList();
        if (request.ToolChoice is not { ValueKind: JsonValueKind.Object } choice || !choice.TryGetProperty("tools", out var allowed)) return tools;

        // Chat models know no allowed_tools: what is not allowed is not shown.
        var names = allowed.EnumerateArray().Select(tool => tool.TryGetProperty("name", out var name) ? name.GetString() : null).ToHashSet();
        return tools.FindAll(tool => names.Contains(tool.Function!.Name));
    }

    private static JsonElement? ToolChoiceOf(JsonElement? choice)
    {
        if (choice is not { ValueKind: JsonValueKind.Object } value) return choice is { ValueKind: JsonValueKind.Null } ? null : choice;
        // Whoever has documents words that choice.
        if (FileSearchTool.IsFileSearch(value)) return null;
        if (value.TryGetProperty("tools", out _)) return value.TryGetProperty("mode", out var mode) ? mode : Json("auto");
        return JsonSerializer.SerializeToElement(new Dictionary<string, object>
        {
            ["type"] = "function",
            ["function"] = new Dictionary<string, object> { ["name"] = value.GetProperty("name") },
        });
    }

    private static ChatResponseFormat? FormatOf(JsonElement? format)
    {
        if (format is not { ValueKind: JsonValueKind.Object } value) return null;
        var type = value.GetProperty("type").GetString()!;
        if (type != "json_schema") return type == "text" ? null : new ChatResponseFormat { Type = type };
        return new ChatResponseFormat
        {
            Type = type,
            JsonSchema = JsonSerializer.SerializeToElement(value.EnumerateObject().Where(field => field.Name != "type").ToDictionary(field => field.Name, field => field.Value)),
        };
    }

    private static JsonElement Json(string value) => JsonSerializer.SerializeToElement(value);
}
