using System.Buffers;
using System.Text.Json;
using AiPlatform.Application.Common;
using AiPlatform.Domain.Chat;
using AiPlatform.Domain.Common;

namespace AiPlatform.Application.Chat.Wire;

/// <summary>Writes the <c>response</c> object of the API.</summary>
internal static class ResponseJson
{
    public static ReadOnlyMemory<byte> ToJson(Response response, IEnumerable<string> outputItems)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = WireJson.Writer(buffer)) Write(json, response, outputItems);
        return buffer.WrittenMemory;
    }

    /// <param name="json">Where to.</param>
    /// <param name="response">The response.</param>
    /// <param name="outputItems">Its output, each item as JSON: written while it runs, loaded afterwards.</param>
    public static void Write(Utf8JsonWriter json, Response response, IEnumerable<string> outputItems)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, response.Id.ToWire());
        json.WriteString("object"u8, "response"u8);
        json.WriteNumber("created_at"u8, response.CreatedAt.ToUnixTimeSeconds());
        json.WriteString("status"u8, NameOf(response.Status));
        if (response.CompletedAt is { } completed) json.WriteNumber("completed_at"u8, completed.ToUnixTimeSeconds());
        else json.WriteNull("completed_at"u8);
        WriteError(json, response);
        WriteIncompleteDetails(json, response);
        using (var settings = JsonDocument.Parse(response.Settings))
            foreach (var setting in settings.RootElement.EnumerateObject()) setting.WriteTo(json);
        json.WriteStartArray("output"u8);
        foreach (var item in outputItems) json.WriteRawValue(item, skipInputValidation: true);
        json.WriteEndArray();
        WriteUsage(json, response);
        // Ours: how often its generation broke off and was continued.
        if (response.Interruptions > 0) json.WriteNumber("interruptions"u8, response.Interruptions);
        json.WriteEndObject();
    }

    public static string NameOf(ResponseStatus status) => status switch
    {
        ResponseStatus.Queued => "queued",
        ResponseStatus.InProgress => "in_progress",
        ResponseStatus.Completed => "completed",
        ResponseStatus.Incomplete => "incomplete",
        ResponseStatus.Cancelled => "cancelled",
        _ => "failed",
    };

    private static void WriteError(Utf8JsonWriter json, Response response)
    {
        if (response.ErrorCode is null)
        {
            json.WriteNull("error"u8);
            return;
        }

        json.WriteStartObject("error"u8);
        json.WriteString("code"u8, response.ErrorCode);
        json.WriteString("message"u8, response.ErrorMessage);
        json.WriteEndObject();
    }

    private static void WriteIncompleteDetails(Utf8JsonWriter json, Response response)
    {
        if (response.IncompleteReason is null)
        {
            json.WriteNull("incomplete_details"u8);
            return;
        }

        json.WriteStartObject("incomplete_details"u8);
        json.WriteString("reason"u8, response.IncompleteReason);
        json.WriteEndObject();
    }

    private static void WriteUsage(Utf8JsonWriter json, Response response)
    {
        // Left out until it is known: the API's usage is never null.
        if (response.Usage is not { } usage) return;
        json.WriteStartObject("usage"u8);
        json.WriteNumber("input_tokens"u8, usage.Input);
        json.WriteStartObject("input_tokens_details"u8);
        json.WriteNumber("cached_tokens"u8, usage.CachedInput);
        json.WriteNumber("cache_write_tokens"u8, usage.CacheWriteInput);
        json.WriteEndObject();
        json.WriteNumber("output_tokens"u8, usage.Output);
        json.WriteStartObject("output_tokens_details"u8);
        json.WriteNumber("reasoning_tokens"u8, usage.Reasoning);
        json.WriteEndObject();
        json.WriteNumber("total_tokens"u8, usage.Total);
        if (usage.IsEstimate) json.WriteBoolean("estimated"u8, true);
        json.WriteEndObject();
    }
}
