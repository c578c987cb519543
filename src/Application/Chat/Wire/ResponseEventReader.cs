using System.Text.Json;
using AiPlatform.Application.Common;
using AiPlatform.Domain.Chat;

namespace AiPlatform.Application.Chat.Wire;

/// <summary>Reads back what <see cref="ResponseEventJson"/> wrote, for whoever rebuilds a response that is in progress from its log.</summary>
internal static class ResponseEventReader
{
    public static ResponseEvent Read(WireEvent wire)
    {
        using var document = JsonDocument.Parse(wire.Json);
        var json = document.RootElement;
        return wire.Type switch
        {
            "response.created" => new ResponseEvent.Created(),
            "response.queued" => new ResponseEvent.Queued(),
            "response.in_progress" => new ResponseEvent.InProgress(),
            "response.output_item.added" => new ResponseEvent.ItemAdded(Number(json, "output_index"), ReadItem(json.GetProperty("item"))),
            "response.output_item.done" => new ResponseEvent.ItemDone(Number(json, "output_index"), StatusOf(json.GetProperty("item")), ResultsOf(json.GetProperty("item"))),
            "response.content_part.added" => new ResponseEvent.PartAdded(Number(json, "output_index"), Number(json, "content_index"), KindOf(json.GetProperty("part"))),
            "response.content_part.done" => new ResponseEvent.PartDone(Number(json, "output_index"), Number(json, "content_index")),
            "response.output_text.delta" or "response.refusal.delta" or "response.reasoning_text.delta" => new ResponseEvent.Delta(
                Number(json, "output_index"),
                Number(json, "content_index"),
                json.GetProperty("delta").GetString()!,
                json.TryGetProperty("logprobs", out var logprobs) && logprobs.GetArrayLength() > 0 ? logprobs.Clone() : null),
            "response.output_text.done" or "response.refusal.done" or "response.reasoning_text.done" =>
                new ResponseEvent.TextDone(Number(json, "output_index"), Number(json, "content_index")),
            "response.output_text.annotation.added" =>
                new ResponseEvent.Cited(Number(json, "output_index"), Number(json, "content_index"), ReadCitation(json.GetProperty("annotation"))),
            "response.file_search_call.in_progress" => new ResponseEvent.SearchBegun(Number(json, "output_index")),
            "response.file_search_call.searching" => new ResponseEvent.Searching(Number(json, "output_index")),
            "response.file_search_call.completed" => new ResponseEvent.SearchAnswered(Number(json, "output_index")),
            // Function calls and terminal events are written in the transaction that ends the run: they are in no log of one in progress.
            _ => throw new InvalidDataException($"An event '{wire.Type}' cannot be in the log of a response in progress."),
        };
    }

    private static OutputItem ReadItem(JsonElement item)
    {
        var id = ItemId.Parse(item.GetProperty("id").GetString())!.Value;
        return item.GetProperty("type").GetString() switch
        {
            "reasoning" => new ReasoningItem(id),
            "file_search_call" => new FileSearchItem(id, [.. item.GetProperty("queries").EnumerateArray().Select(query => query.GetString()!)]),
            _ => new MessageItem(id),
        };
    }

    private static string? ResultsOf(JsonElement item) =>
        item.TryGetProperty("results", out var results) && results.ValueKind is JsonValueKind.Array ? results.GetRawText() : null;

    private static FileCitation ReadCitation(JsonElement json) => new()
    {
        FileId = json.GetProperty("file_id").GetString()!,
        Filename = json.GetProperty("filename").GetString()!,
        Index = Number(json, "index"),
        FileIndex = Number(json, "file_index"),
        VectorStoreId = json.GetProperty("vector_store_id").GetString()!,
        Quote = json.GetProperty("quote").GetString()!,
        Start = Number(json, "start"),
        End = Number(json, "end"),
        Page = Number(json, "page"),
    };

    private static ItemStatus StatusOf(JsonElement item) => item.GetProperty("status").GetString() switch
    {
        "completed" => ItemStatus.Completed,
        "incomplete" => ItemStatus.Incomplete,
        "failed" => ItemStatus.Failed,
        _ => ItemStatus.InProgress,
    };

    private static PartKind KindOf(JsonElement part) => part.GetProperty("type").GetString() switch
    {
        "refusal" => PartKind.Refusal,
        "reasoning_text" => PartKind.Reasoning,
        _ => PartKind.Text,
    };

    private static int Number(JsonElement json, string name) => json.GetProperty(name).GetInt32();
}
