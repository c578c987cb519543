using System.Buffers;
using System.Text;
using System.Text.Json;
using AiPlatform.Application.Common;
using AiPlatform.Domain.Chat;

namespace AiPlatform.Application.Chat.Wire;

/// <summary>Writes what a model produces as the API's items.</summary>
internal static class ItemJson
{
    public static string ToJson(OutputItem item)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = WireJson.Writer(buffer)) Write(json, item);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    public static void Write(Utf8JsonWriter json, OutputItem item)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, item.WireId);
        json.WriteString("type"u8, item.Type);
        json.WriteString("status"u8, NameOf(item.Status));
        switch (item)
        {
            case MessageItem message:
                json.WriteString("role"u8, "assistant"u8);
                json.WriteStartArray("content"u8);
                foreach (var part in message.Parts) WritePart(json, part);
                json.WriteEndArray();
                break;
            case ReasoningItem reasoning:
                json.WriteStartArray("summary"u8);
                json.WriteEndArray();
                json.WriteStartArray("content"u8);
                if (reasoning.Content.Text.Length > 0) WritePart(json, reasoning.Content);
                json.WriteEndArray();
                break;
            case FunctionCallItem call:
                json.WriteString("call_id"u8, call.CallId);
                json.WriteString("name"u8, call.Name);
                // Empty until the arguments event, which brings them whole.
                json.WriteString("arguments"u8, call.Status is ItemStatus.InProgress ? "" : call.Arguments);
                break;
        }

        json.WriteEndObject();
    }

    public static void WritePart(Utf8JsonWriter json, ContentPart part)
    {
        json.WriteStartObject();
        switch (part.Kind)
        {
            case PartKind.Text:
                json.WriteString("type"u8, "output_text"u8);
                json.WriteString("text"u8, part.Text);
                json.WriteStartArray("annotations"u8);
                json.WriteEndArray();
                json.WriteStartArray("logprobs"u8);
                foreach (var token in part.Logprobs) token.WriteTo(json);
                json.WriteEndArray();
                break;
            case PartKind.Refusal:
                json.WriteString("type"u8, "refusal"u8);
                json.WriteString("refusal"u8, part.Text);
                break;
            case PartKind.Reasoning:
                json.WriteString("type"u8, "reasoning_text"u8);
                json.WriteString("text"u8, part.Text);
                break;
        }

        json.WriteEndObject();
    }

    public static string NameOf(ItemStatus status) => status switch
    {
        ItemStatus.InProgress => "in_progress",
        ItemStatus.Completed => "completed",
        _ => "incomplete",
    };
}
