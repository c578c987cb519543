using System.Text.Json;

namespace AiPlatform.FakeModels.OpenAi;

/// <summary>Reads a chat completion request, refusing what OpenAI itself refuses.</summary>
internal static class ChatRequest
{
    private const int MostStops = 4;
    private const int MostChoices = 128;

    public static Prompt Read(JsonElement body)
    {
        if (body.TryText("model") is not { Length: > 0 } model) throw Refuse("you must provide a model parameter");
        if (body.Try("messages") is not { ValueKind: JsonValueKind.Array } messages) throw Refuse("Missing required parameter: 'messages'.", "missing_required_parameter", "messages");
        if (messages.GetArrayLength() == 0) throw Refuse("Invalid 'messages': empty array. Expected an array with minimum length 1, but got an empty array instead.", "empty_array", "messages");
        if (model == "missing-model") throw new VendorException(OpenAiVendor.Instance.ErrorFor(404, model));

        var choices = body.TryNumber("n") ?? 1;
        if (choices is < 1 or > MostChoices) throw Refuse($"Invalid 'n': expected a value between 1 and {MostChoices}, but got {choices} instead.", "integer_out_of_range", "n");
        if (body.Try("temperature") is { ValueKind: JsonValueKind.Number } heat && heat.GetDouble() is < 0 or > 2)
            throw Refuse($"Invalid 'temperature': expected a decimal between 0 and 2, but got {heat.GetRawText()} instead.", "decimal_out_of_range", "temperature");

        var stops = Stops(body);
        if (stops.Count > MostStops) throw Refuse($"Invalid 'stop': array too long. Expected an array with maximum length {MostStops}, but got an array with length {stops.Count} instead.", "array_above_max_length", "stop");
        CheckToolMessages(messages);

        var format = body.Try("response_format");
        return new Prompt
        {
            Model = model,
            Turns = [.. messages.EnumerateArray().Select(Turn)],
            Stream = body.IsTrue("stream"),
            IncludeUsage = body.Try("stream_options")?.IsTrue("include_usage") ?? false,
            Choices = choices,
            MaxTokens = body.TryNumber("max_completion_tokens") ?? body.TryNumber("max_tokens"),
            Stops = stops,
            Logprobs = body.IsTrue("logprobs"),
            TopLogprobs = body.TryNumber("top_logprobs") ?? 0,
            ToolsForbidden = body.TryText("tool_choice") == "none",
            OffersTools = body.Try("tools") is not null,
            ForcedTool = ForcedTool(body),
            JsonSchema = format?.Try("json_schema")?.Try("schema"),
            JsonObject = format?.TryText("type") == "json_object",
        };
    }

    private static Turn Turn(JsonElement message, int index)
    {
        var speaker = message.TryText("role") switch
        {
            "system" or "developer" => Speaker.System,
            "user" => Speaker.User,
            "assistant" => Speaker.Assistant,
            "tool" or "function" => Speaker.Tool,
            var other => throw Refuse($"Invalid value: '{other}'. Supported values are: 'system', 'assistant', 'user', 'function', 'tool', and 'developer'.", "invalid_value", $"messages[{index}].role"),
        };
        var text = message.Try("content") is { } content ? Prompt.TextOf(content) : "";
        return new Turn(speaker, text, message.Items("tool_calls").Count());
    }

    private static List<string> Stops(JsonElement body) => body.Try("stop") switch
    {
        { ValueKind: JsonValueKind.String } one => [one.GetString()!],
        { ValueKind: JsonValueKind.Array } many => [.. many.EnumerateArray().Select(stop => stop.GetString() ?? "")],
        _ => [],
    };

    private static string? ForcedTool(JsonElement body) => body.Try("tool_choice") switch
    {
        { ValueKind: JsonValueKind.Object } named => named.Try("function")?.TryText("name"),
        { ValueKind: JsonValueKind.String } word when word.GetString() == "required" =>
            body.Items("tools").FirstOrDefault().Try("function")?.TryText("name"),
        _ => null,
    };

    /// <summary>Every tool call needs its result right after it, and every result its call.</summary>
    private static void CheckToolMessages(JsonElement messages)
    {
        var open = new List<string>();
        foreach (var message in messages.EnumerateArray())
        {
            if (message.TryText("role") == "tool")
            {
                if (!open.Remove(message.TryText("tool_call_id") ?? ""))
                    throw Refuse("Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.", param: "messages");
                continue;
            }

            CheckAnswered(open);
            open.AddRange(message.Items("tool_calls").Select(call => call.TryText("id") ?? ""));
        }

        CheckAnswered(open);
    }

    private static void CheckAnswered(List<string> open)
    {
        if (open.Count > 0)
            throw Refuse($"An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The following tool_call_ids did not have response messages: {string.Join(", ", open)}", param: "messages");
    }

    private static VendorException Refuse(string message, string? code = null, string? param = null) =>
        new(OpenAiVendor.Invalid(message, code, param));
}
