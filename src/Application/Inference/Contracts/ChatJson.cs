using System.Text.Json;

namespace AiPlatform.Application.Inference.Contracts;

/// <summary>Writes the objects of the chat completions API from deltas, for models whose vendor speaks another protocol.</summary>
public static class ChatJson
{
    /// <summary>One <c>chat.completion.chunk</c> for <paramref name="delta"/>. <paramref name="first"/> says whether it opens its choice, and so carries the role; <paramref name="annotations"/> is a JSON array.</summary>
    public static void WriteChunk(Utf8JsonWriter json, string id, string model, DateTimeOffset created, ModelDelta delta, bool first, string? annotations = null)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, id);
        json.WriteString("object"u8, "chat.completion.chunk"u8);
        json.WriteNumber("created"u8, created.ToUnixTimeSeconds());
        json.WriteString("model"u8, model);
        json.WriteStartArray("choices"u8);
        if (delta is ModelDelta.Usage usage)
        {
            json.WriteEndArray();
            WriteUsage(json, usage.Tokens);
        }
        else
        {
            WriteChoice(json, delta, first, annotations);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    public static void WriteUsage(Utf8JsonWriter json, TokenUsage usage)
    {
        json.WriteStartObject("usage"u8);
        json.WriteNumber("prompt_tokens"u8, usage.Input);
        json.WriteNumber("completion_tokens"u8, usage.Output);
        json.WriteNumber("total_tokens"u8, usage.Total);
        json.WriteStartObject("prompt_tokens_details"u8);
        json.WriteNumber("cached_tokens"u8, usage.CachedInput);
        json.WriteEndObject();
        json.WriteStartObject("completion_tokens_details"u8);
        json.WriteNumber("reasoning_tokens"u8, usage.Reasoning);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>The choice a delta belongs to; usage belongs to none, and counts as the first.</summary>
    public static int ChoiceOf(ModelDelta delta) => delta switch
    {
        ModelDelta.Text text => text.Choice,
        ModelDelta.Refusal refusal => refusal.Choice,
        ModelDelta.Reasoning reasoning => reasoning.Choice,
        ModelDelta.ToolCall call => call.Choice,
        ModelDelta.Finish finish => finish.Choice,
        _ => 0,
    };

    private static void WriteChoice(Utf8JsonWriter json, ModelDelta delta, bool first, string? annotations)
    {
        json.WriteStartObject();
        json.WriteNumber("index"u8, ChoiceOf(delta));
        json.WriteStartObject("delta"u8);
        if (first) json.WriteString("role"u8, "assistant"u8);
        switch (delta)
        {
            case ModelDelta.Text text:
                json.WriteString("content"u8, text.Value);
                break;
            case ModelDelta.Refusal refusal:
                json.WriteString("refusal"u8, refusal.Value);
                break;
            case ModelDelta.Reasoning reasoning:
                json.WriteString("reasoning_content"u8, reasoning.Value);
                break;
            case ModelDelta.ToolCall call:
                WriteToolCall(json, call);
                break;
        }

        if (annotations is not null)
        {
            json.WritePropertyName("annotations"u8);
            json.WriteRawValue(annotations, skipInputValidation: true);
        }

        json.WriteEndObject();
        if (delta is ModelDelta.Text { Logprobs: { } logprobs })
        {
            json.WriteStartObject("logprobs"u8);
            json.WritePropertyName("content"u8);
            logprobs.WriteTo(json);
            json.WriteNull("refusal"u8);
            json.WriteEndObject();
        }
        else json.WriteNull("logprobs"u8);
        if (delta is ModelDelta.Finish finish) json.WriteString("finish_reason"u8, finish.Reason);
        else json.WriteNull("finish_reason"u8);
        json.WriteEndObject();
    }

    private static void WriteToolCall(Utf8JsonWriter json, ModelDelta.ToolCall call)
    {
        json.WriteStartArray("tool_calls"u8);
        json.WriteStartObject();
        json.WriteNumber("index"u8, call.Index);
        if (call.Id is not null)
        {
            json.WriteString("id"u8, call.Id);
            json.WriteString("type"u8, "function"u8);
        }

        json.WriteStartObject("function"u8);
        if (call.Name is not null) json.WriteString("name"u8, call.Name);
        json.WriteString("arguments"u8, call.Arguments ?? "");
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
    }
}
