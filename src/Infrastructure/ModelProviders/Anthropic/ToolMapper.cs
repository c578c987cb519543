using System.Text.Json;
using System.Text.Json.Serialization;
using AiPlatform.Application.Inference.Contracts;
using AiPlatform.Domain.Common;

namespace AiPlatform.Infrastructure.ModelProviders.Anthropic;

internal static class ToolMapper
{
    private static readonly JsonElement EmptySchema = JsonElement.Parse("""{"type":"object","properties":{}}""");

    public static IReadOnlyList<ToolDefinition>? Tools(ChatCompletionRequest request, Conversation conversation, ModelTraits traits)
    {
        if (request.Tools is { Count: > 0 } tools) return [.. tools.Select((tool, index) => Tool(tool, $"tools[{index}]", traits))];

        // The vendor wants the tools of calls in the history defined, even where no more calls are wanted.
        var used = conversation.ToolNamesUsed.Select(name => new ToolDefinition(name, EmptySchema)).ToList();
        return used.Count > 0 ? used : null;
    }

    public static ToolChoice? Choice(ChatCompletionRequest request, IReadOnlyList<ToolDefinition>? tools)
    {
        if (tools is null) return null;
        if (request.Tools is not { Count: > 0 }) return new ToolChoice("none");
        var choice = Choice(request.ToolChoice);
        if (request.ParallelToolCalls != false || choice is { Type: "none" }) return choice;
        return (choice ?? new ToolChoice("auto")) with { DisableParallelToolUse = true };
    }

    private static ToolDefinition Tool(ChatTool tool, string param, ModelTraits traits)
    {
        if (tool.Function is not { } function) throw UnsupportedParameters.Refused(param, $"takes no tools of type '{tool.Type}'. Use 'function'.");
        return new ToolDefinition(function.Name, Schema(function.Parameters, param + ".function.parameters"))
        {
            Description = function.Description,
            Strict = function.Strict == true && traits.HasStructuredOutputs ? true : null,
        };
    }

    /// <summary>The schema as given; only <c>type</c>, which the vendor insists on, is added where it is missing.</summary>
    private static JsonElement Schema(JsonElement? parameters, string param)
    {
        if (parameters is not { } schema || schema.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined) return EmptySchema;
        if (schema.ValueKind != JsonValueKind.Object) throw new InvalidRequest("invalid_type", $"'{param}' must be a JSON schema object.", param);
        if (schema.TryGetProperty("type", out _)) return schema;
        var typed = schema.EnumerateObject().GroupBy(property => property.Name).ToDictionary(group => group.Key, group => group.Last().Value);
        typed["type"] = EmptySchema.GetProperty("type");
        return JsonSerializer.SerializeToElement(typed, ToolArgumentsJson.Default.DictionaryStringJsonElement);
    }

    private static ToolChoice? Choice(JsonElement? given)
    {
        if (given is not { } choice || choice.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined) return null;
        if (choice.ValueKind == JsonValueKind.String)
        {
            switch (RequestJson.Text(choice, "tool_choice"))
            {
                case "auto": return new ToolChoice("auto");
                case "none": return new ToolChoice("none");
                case "required": return new ToolChoice("any");
            }
        }
        else if (RequestJson.Object(choice, "function") is { } function && RequestJson.String(function, "name", "tool_choice.function") is { } name)
        {
            return new ToolChoice("tool") { Name = name };
        }

        throw UnsupportedParameters.Refused("tool_choice", "takes 'auto', 'none', 'required' or {\"type\":\"function\",\"function\":{\"name\":...}} as tool choice.");
    }
}

[JsonSerializable(typeof(Dictionary<string, string>))]
[JsonSerializable(typeof(Dictionary<string, JsonElement>))]
internal sealed partial class ToolArgumentsJson : JsonSerializerContext;
