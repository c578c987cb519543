using System.Buffers;
using System.Text.Json;
using AiPlatform.Application.Common;
using AiPlatform.Domain.Chat;

namespace AiPlatform.Application.Chat.Wire;

/// <summary>Writes the events of a response as the API's stream has them. The event has been applied already: texts come from the response's state.</summary>
public static class ResponseEventJson
{
    internal static WireEvent ToWire(Response response, ResponseEvent @event, long sequence)
    {
        var type = TypeOf(response, @event);
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = WireJson.Writer(buffer))
        {
            json.WriteStartObject();
            json.WriteString("type"u8, type);
            json.WriteNumber("sequence_number"u8, sequence);
            WriteBody(json, response, @event);
            json.WriteEndObject();
        }

        return new WireEvent(type, buffer.WrittenMemory, sequence);
    }

    /// <summary>The <c>error</c> event: for what fails outside a run, such as reading one.</summary>
    public static WireEvent Error(string code, string message, string? param, long sequence)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = WireJson.Writer(buffer))
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "error"u8);
            json.WriteNumber("sequence_number"u8, sequence);
            json.WriteString("code"u8, code);
            json.WriteString("message"u8, message);
            json.WriteString("param"u8, param);
            json.WriteEndObject();
        }

        return new WireEvent("error", buffer.WrittenMemory);
    }

    private static string TypeOf(Response response, ResponseEvent @event) => @event switch
    {
        ResponseEvent.Created => "response.created",
        ResponseEvent.Queued => "response.queued",
        ResponseEvent.InProgress => "response.in_progress",
        ResponseEvent.ItemAdded => "response.output_item.added",
        ResponseEvent.PartAdded => "response.content_part.added",
        ResponseEvent.Delta delta => TextTypeOf(response.PartAt(delta.Output, delta.Part)) + ".delta",
        ResponseEvent.TextDone done => TextTypeOf(response.PartAt(done.Output, done.Part)) + ".done",
        ResponseEvent.Cited => "response.output_text.annotation.added",
        ResponseEvent.PartDone => "response.content_part.done",
        ResponseEvent.SearchBegun => "response.file_search_call.in_progress",
        ResponseEvent.Searching => "response.file_search_call.searching",
        ResponseEvent.SearchAnswered => "response.file_search_call.completed",
        ResponseEvent.ArgumentsDelta => "response.function_call_arguments.delta",
        ResponseEvent.ArgumentsDone => "response.function_call_arguments.done",
        ResponseEvent.ItemDone => "response.output_item.done",
        ResponseEvent.Completed => "response.completed",
        ResponseEvent.Incomplete or ResponseEvent.Cancelled => "response.incomplete",
        ResponseEvent.Failed => "response.failed",
        _ => throw new InvalidOperationException($"{@event.GetType().Name} has no name on the wire."),
    };

    private static string TextTypeOf(ContentPart part) => part.Kind switch
    {
        PartKind.Text => "response.output_text",
        PartKind.Refusal => "response.refusal",
        _ => "response.reasoning_text",
    };

    private static void WriteBody(Utf8JsonWriter json, Response response, ResponseEvent @event)
    {
        switch (@event)
        {
            case ResponseEvent.Created or ResponseEvent.Queued or ResponseEvent.InProgress or { IsTerminal: true }:
                json.WritePropertyName("response"u8);
                ResponseJson.Write(json, response, response.Output.Select(ItemJson.ToJson));
                break;
            case ResponseEvent.ItemAdded(var output, var item):
                json.WriteNumber("output_index"u8, output);
                json.WritePropertyName("item"u8);
                ItemJson.Write(json, item);
                break;
            case ResponseEvent.ItemDone(var output, _, _):
                json.WriteNumber("output_index"u8, output);
                json.WritePropertyName("item"u8);
                ItemJson.Write(json, response.Output[output]);
                break;
            case ResponseEvent.PartAdded(var output, var index, _):
                WritePart(json, response, output, index);
                break;
            case ResponseEvent.PartDone(var output, var index):
                WritePart(json, response, output, index);
                break;
            case ResponseEvent.SearchBegun(var output):
                WriteItem(json, response.Output[output], output);
                break;
            case ResponseEvent.Searching(var output):
                WriteItem(json, response.Output[output], output);
                break;
            case ResponseEvent.SearchAnswered(var output):
                WriteItem(json, response.Output[output], output);
                break;
            case ResponseEvent.Cited(var output, var index, var citation):
                WriteItem(json, response.Output[output], output);
                json.WriteNumber("content_index"u8, index);
                json.WriteNumber("annotation_index"u8, response.PartAt(output, index).Citations.Count - 1);
                json.WritePropertyName("annotation"u8);
                ItemJson.WriteCitation(json, citation);
                break;
            case ResponseEvent.Delta(var output, var index, var text, var logprobs):
                WriteDelta(json, response, output, index, text, logprobs);
                break;
            case ResponseEvent.TextDone(var output, var index):
                WriteTextDone(json, response, output, index);
                break;
            case ResponseEvent.ArgumentsDelta(var output) when response.Output[output] is FunctionCallItem call:
                WriteItem(json, call, output);
                json.WriteString("delta"u8, call.Arguments);
                break;
            case ResponseEvent.ArgumentsDone(var output) when response.Output[output] is FunctionCallItem call:
                WriteItem(json, call, output);
                json.WriteString("name"u8, call.Name);
                json.WriteString("arguments"u8, call.Arguments);
                break;
        }
    }

    private static void WriteItem(Utf8JsonWriter json, OutputItem item, int output)
    {
        json.WriteString("item_id"u8, item.WireId);
        json.WriteNumber("output_index"u8, output);
    }

    private static void WritePart(Utf8JsonWriter json, Response response, int output, int index)
    {
        WriteItem(json, response.Output[output], output);
        json.WriteNumber("content_index"u8, index);
        json.WritePropertyName("part"u8);
        ItemJson.WritePart(json, response.PartAt(output, index));
    }

    private static void WriteDelta(Utf8JsonWriter json, Response response, int output, int index, string text, JsonElement? logprobs)
    {
        WriteItem(json, response.Output[output], output);
        json.WriteNumber("content_index"u8, index);
        json.WriteString("delta"u8, text);
        if (response.PartAt(output, index).Kind is not PartKind.Text) return;
        json.WriteStartArray("logprobs"u8);
        if (logprobs is { ValueKind: JsonValueKind.Array } tokens)
            foreach (var token in tokens.EnumerateArray()) token.WriteTo(json);
        json.WriteEndArray();
    }

    private static void WriteTextDone(Utf8JsonWriter json, Response response, int output, int index)
    {
        var part = response.PartAt(output, index);
        WriteItem(json, response.Output[output], output);
        json.WriteNumber("content_index"u8, index);
        json.WriteString(part.Kind is PartKind.Refusal ? "refusal"u8 : "text"u8, part.Text);
        if (part.Kind is not PartKind.Text) return;
        json.WriteStartArray("logprobs"u8);
        foreach (var token in part.Logprobs) token.WriteTo(json);
        json.WriteEndArray();
    }
}
