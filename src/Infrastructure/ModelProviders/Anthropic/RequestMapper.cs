using System.Text.Json;
using AiPlatform.Application.Inference.Contracts;
using AiPlatform.Domain.Common;

namespace AiPlatform.Infrastructure.ModelProviders.Anthropic;

/// <summary>Maps a chat completion request to the Messages API.</summary>
internal static class RequestMapper
{
    public static MessagesRequest Map(ModelCall call, bool stream)
    {
        var request = call.Request;
        UnsupportedParameters.Refuse(request);
        var traits = ModelTraits.Of(call.Model.UpstreamName);
        var conversation = MessageMapper.Map(request.Messages);
        var tools = ToolMapper.Tools(request, conversation, traits);
        var toolChoice = ToolMapper.Choice(request, tools);
        var plan = ThinkingMapper.Plan(call, traits, conversation, toolChoice);
        var (format, formatInstruction) = Format(request.ResponseFormat, traits, conversation);

        // Newer models and thinking ones refuse sampling parameters. What they would have set is a matter of degree, so they are left out.
        var sampling = traits.TakesSampling && plan.Thinking is null;
        return new MessagesRequest
        {
            Model = call.Model.UpstreamName,
            MaxTokens = plan.MaxTokens,
            System = formatInstruction is null ? conversation.System : string.Join("\n\n", new[] { conversation.System, formatInstruction }.OfType<string>()),
            Messages = conversation.Messages,
            Tools = tools,
            ToolChoice = toolChoice,
            StopSequences = StopSequences(request.Stop),
            Temperature = sampling && request.Temperature is { } temperature ? Math.Clamp(temperature, 0, 1) : null,
            // The vendor takes one of the two.
            TopP = sampling && request.Temperature is null ? request.TopP : null,
            Thinking = plan.Thinking,
            OutputConfig = plan.Effort is null && format is null ? null : new OutputConfig { Effort = plan.Effort, Format = format },
            Metadata = string.IsNullOrEmpty(request.User) ? null : new RequestMetadata(request.User),
            Stream = stream ? true : null,
        };
    }

    /// <summary>
    /// A strict schema goes to the vendor's structured outputs, which guarantee it. They need a model that has them and an answer not begun
    /// for it, and refuse schemas that are not closed, which only strict ones are sure to be; all else is put as an instruction.
    /// A forced tool would do too, but takes tools and thinking away from the caller.
    /// </summary>
    private static (OutputFormat? Format, string? Instruction) Format(ChatResponseFormat? format, ModelTraits traits, Conversation conversation)
    {
        switch (format?.Type)
        {
            case null or "text":
                return (null, null);
            case "json_object":
                return (null, "Answer with one JSON object and nothing else: no explanation, no code fence.");
            case "json_schema":
                if (format.JsonSchema is not { ValueKind: JsonValueKind.Object } given || RequestJson.Object(given, "schema") is not { } schema)
                    throw new InvalidRequest("missing_required_parameter", "A response format of type 'json_schema' needs an object in 'json_schema.schema'.", "response_format.json_schema.schema");
                var strict = given.TryGetProperty("strict", out var flag) && flag.ValueKind == JsonValueKind.True;
                if (strict && traits.HasStructuredOutputs && !conversation.HasPrefill) return (new OutputFormat("json_schema", schema), null);
                return (null, $"Answer with one JSON value that is valid against this JSON schema, and nothing else: no explanation, no code fence.\n{schema.GetRawText()}");
            default:
                throw UnsupportedParameters.Refused("response_format.type", "takes 'text', 'json_object' or 'json_schema' as response format.");
        }
    }

    private static List<string>? StopSequences(JsonElement? stop)
    {
        var sequences = stop switch
        {
            null or { ValueKind: JsonValueKind.Null or JsonValueKind.Undefined } => [],
            { ValueKind: JsonValueKind.String } one => [RequestJson.Text(one, "stop")],
            { ValueKind: JsonValueKind.Array } many when many.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String) =>
                many.EnumerateArray().Select(item => RequestJson.Text(item, "stop")).ToList(),
            _ => throw new InvalidRequest("invalid_type", "'stop' must be a string or an array of strings.", "stop"),
        };
        sequences.RemoveAll(sequence => sequence.Length == 0);
        if (sequences.Exists(string.IsNullOrWhiteSpace)) throw UnsupportedParameters.Refused("stop", "takes no stop sequence of white space only. Add a visible character to it, or remove it.");
        return sequences.Count > 0 ? sequences : null;
    }
}
