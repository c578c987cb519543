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
            case FileSearchItem search:
                json.WriteStartArray("queries"u8);
                foreach (var query in search.Queries) json.WriteStringValue(query);
                json.WriteEndArray();
                json.WritePropertyName("results"u8);
                json.WriteRawValue(search.Results ?? "null", skipInputValidation: true);
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
                foreach (var citation in part.Citations) WriteCitation(json, citation);
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

    public static string ToJson(IEnumerable<FileCitation> citations)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = WireJson.Writer(buffer))
        {
            json.WriteStartArray();
            foreach (var citation in citations) WriteCitation(json, citation);
            json.WriteEndArray();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>The API's <c>file_citation</c>; all after its <c>index</c> is ours.</summary>
    public static void WriteCitation(Utf8JsonWriter json, FileCitation citation)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "file_citation"u8);
        json.WriteString("file_id"u8, citation.FileId);
        json.WriteString("filename"u8, citation.Filename);
        json.WriteNumber("index"u8, citation.Index);
        json.WriteNumber("file_index"u8, citation.FileIndex);
        json.WriteString("vector_store_id"u8, citation.VectorStoreId);
        json.WriteString("quote"u8, citation.Quote);
        json.WriteNumber("start"u8, citation.Start);
        json.WriteNumber("end"u8, citation.End);
        json.WriteNumber("page"u8, citation.Page);
        json.WriteEndObject();
    }

    public static string NameOf(ItemStatus status) => status switch
    {
        ItemStatus.InProgress => "in_progress",
        ItemStatus.Searching => "searching",
        ItemStatus.Completed => "completed",
        ItemStatus.Failed => "failed",
        _ => "incomplete",
    };
}
