using System.Text.Json;

namespace AiPlatform.FakeModels.OpenAi;

/// <summary>Writes a chat completion that is answered in one piece.</summary>
internal static class ChatCompletion
{
    public static void Write(Utf8JsonWriter json, Call call)
    {
        json.WriteStartObject();
        json.WriteString("id", $"chatcmpl-{call.Id}");
        json.WriteString("object", "chat.completion");
        json.WriteNumber("created", call.Created);
        json.WriteString("model", call.Prompt.Model);
        json.WriteStartArray("choices");
        for (var choice = 0; choice < call.Answers.Count; choice++) WriteChoice(json, call, choice);
        json.WriteEndArray();
        if (!call.Directive.NoUsage)
        {
            json.WritePropertyName("usage");
            json.WriteRawValue(UsageJson(call));
        }

        json.WriteString("service_tier", "default");
        json.WriteString("system_fingerprint", "fp_fake");
        json.WriteEndObject();
    }

    public static string FinishReason(Finish finish) => finish switch
    {
        Finish.Length => "length",
        Finish.ToolCalls => "tool_calls",
        Finish.Filter => "content_filter",
        _ => "stop",
    };

    public static string UsageJson(Call call) =>
        $"{{\"prompt_tokens\":{call.PromptTokens},\"completion_tokens\":{call.CompletionTokens},\"total_tokens\":{call.PromptTokens + call.CompletionTokens},"
        + "\"prompt_tokens_details\":{\"cached_tokens\":0,\"audio_tokens\":0},"
        + $"\"completion_tokens_details\":{{\"reasoning_tokens\":{call.ReasoningTokens},\"audio_tokens\":0,\"accepted_prediction_tokens\":0,\"rejected_prediction_tokens\":0}}}}";

    private static void WriteChoice(Utf8JsonWriter json, Call call, int choice)
    {
        var answer = call.Answers[choice];
        json.WriteStartObject();
        json.WriteNumber("index", choice);
        json.WriteStartObject("message");
        json.WriteString("role", "assistant");
        var text = answer.TextOf(PieceKind.Text);
        json.WriteString("content", text.Length == 0 && answer.Finish is Finish.ToolCalls or Finish.Refusal ? null : text);
        json.WriteString("refusal", answer.Finish == Finish.Refusal ? answer.TextOf(PieceKind.Refusal) : null);
        if (answer.ReasoningTokens > 0) WriteReasoning(json, call.Directive.ReasoningField, answer.TextOf(PieceKind.Reasoning));
        WriteToolCalls(json, call, choice);
        json.WriteStartArray("annotations");
        json.WriteEndArray();
        json.WriteEndObject();

        json.WritePropertyName("logprobs");
        if (call.Prompt.Logprobs)
        {
            var entries = answer.Pieces.Where(piece => piece.Kind == PieceKind.Text).Select(piece => Logprobs.Entry(piece.Token, call.Prompt.TopLogprobs));
            json.WriteRawValue($"{{\"content\":[{string.Join(',', entries)}],\"refusal\":null}}");
        }
        else
        {
            json.WriteNullValue();
        }

        json.WriteString("finish_reason", FinishReason(answer.Finish));
        json.WriteEndObject();
    }

    private static void WriteReasoning(Utf8JsonWriter json, string field, string text)
    {
        if (field != "reasoning") json.WriteString("reasoning_content", text);
        if (field != "reasoning_content") json.WriteString("reasoning", text);
    }

    private static void WriteToolCalls(Utf8JsonWriter json, Call call, int choice)
    {
        var started = false;
        foreach (var (index, name, arguments) in call.Answers[choice].ToolCalls())
        {
            if (!started) json.WriteStartArray("tool_calls");
            started = true;
            json.WriteStartObject();
            json.WriteString("id", $"call_{call.ToolId(choice, index)}");
            json.WriteString("type", "function");
            json.WriteStartObject("function");
            json.WriteString("name", name);
            json.WriteString("arguments", arguments);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        if (started) json.WriteEndArray();
    }
}
