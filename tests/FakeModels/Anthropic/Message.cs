using System.Text.Json;

namespace AiPlatform.FakeModels.Anthropic;

/// <summary>Writes a message that is answered in one piece.</summary>
internal static class Message
{
    public const string Signature = "EqQBCgIYAhIkZmFrZS1zaWduYXR1cmUtb2YtdGhlLXJlYXNvbmluZw==";

    public static void Write(Utf8JsonWriter json, Call call)
    {
        var answer = call.Answers[0];
        json.WriteStartObject();
        json.WriteString("id", $"msg_{call.Id}");
        json.WriteString("type", "message");
        json.WriteString("role", "assistant");
        json.WriteString("model", call.Prompt.Model);
        json.WriteStartArray("content");
        if (answer.ReasoningTokens > 0) WriteThinking(json, answer.TextOf(PieceKind.Reasoning));
        var text = answer.TextOf(PieceKind.Text) + answer.TextOf(PieceKind.Refusal);
        if (text.Length > 0) WriteText(json, text);
        foreach (var tool in answer.ToolCalls()) WriteTool(json, call.ToolId(0, tool.Index), tool.Name, tool.Arguments);
        json.WriteEndArray();
        json.WriteString("stop_reason", StopReason(answer.Finish));
        json.WriteString("stop_sequence", answer.StopSequence);
        if (!call.Directive.NoUsage)
        {
            json.WritePropertyName("usage");
            json.WriteRawValue(UsageJson(call, call.CompletionTokens));
        }

        json.WriteEndObject();
    }

    public static string StopReason(Finish finish) => finish switch
    {
        Finish.Length => "max_tokens",
        Finish.ToolCalls => "tool_use",
        Finish.StopSequence => "stop_sequence",
        Finish.Filter or Finish.Refusal => "refusal",
        _ => "end_turn",
    };

    public static string UsageJson(Call call, int outputTokens) =>
        $"{{\"input_tokens\":{call.PromptTokens},\"cache_creation_input_tokens\":0,\"cache_read_input_tokens\":0,"
        + "\"cache_creation\":{\"ephemeral_5m_input_tokens\":0,\"ephemeral_1h_input_tokens\":0},"
        + $"\"output_tokens\":{outputTokens},\"service_tier\":\"standard\"}}";

    private static void WriteThinking(Utf8JsonWriter json, string text)
    {
        json.WriteStartObject();
        json.WriteString("type", "thinking");
        json.WriteString("thinking", text);
        json.WriteString("signature", Signature);
        json.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter json, string text)
    {
        json.WriteStartObject();
        json.WriteString("type", "text");
        json.WriteString("text", text);
        json.WriteEndObject();
    }

    private static void WriteTool(Utf8JsonWriter json, string id, string name, string arguments)
    {
        json.WriteStartObject();
        json.WriteString("type", "tool_use");
        json.WriteString("id", $"toolu_{id}");
        json.WriteString("name", name);
        json.WritePropertyName("input");
        if (IsObject(arguments)) json.WriteRawValue(arguments);
        else json.WriteRawValue("{}");
        json.WriteEndObject();
    }

    // Arguments that a directive made invalid, or that max_tokens cut short, have no place in a whole message.
    private static bool IsObject(string arguments)
    {
        try
        {
            using var document = JsonDocument.Parse(arguments);
            return document.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
