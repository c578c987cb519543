using System.Buffers;
using System.Text;
using System.Text.Json;
using AiPlatform.Application.Chat.Answers;
using AiPlatform.Application.Chat.Wire;
using AiPlatform.Application.Common;
using AiPlatform.Domain.Chat;
using AiPlatform.Domain.Common;

namespace AiPlatform.Application.Chat.Responses;

/// <summary>What a response object echoes of its request, defaults filled in as the API fills them.</summary>
internal static class ResponseSettings
{
    private static readonly (string Name, string Value)[] FunctionDefaults = [("parameters", "null"), ("strict", "null")];

    private static readonly (string Name, string Value)[] SearchDefaults =
        [("filters", "null"), ("max_num_results", $"{FileSearchTool.DefaultResults}"), ("ranking_options", """{"ranker":"auto","score_threshold":0}""")];

    public static string Of(CreateResponseRequest request, Response response, int truncatedTurns)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = WireJson.Writer(buffer))
        {
            json.WriteStartObject();
            json.WriteBoolean("background"u8, response.IsBackground);
            WriteConversation(json, response);
            json.WriteString("instructions"u8, request.Instructions);
            if (request.OnDisconnect is { } onDisconnect) json.WriteString("on_disconnect"u8, onDisconnect);
            WriteNumber(json, "max_output_tokens", request.MaxOutputTokens);
            WriteNumber(json, "max_tool_calls", request.MaxToolCalls);
            WriteMetadata(json, request.Metadata);
            json.WriteString("model"u8, response.Model);
            json.WriteBoolean("parallel_tool_calls"u8, request.ParallelToolCalls ?? true);
            json.WriteString("previous_response_id"u8, response.PreviousResponseId?.ToWire());
            json.WriteString("prompt_cache_key"u8, request.PromptCacheKey);
            json.WriteStartObject("reasoning"u8);
            json.WriteString("effort"u8, request.Reasoning?.Effort);
            json.WriteString("summary"u8, request.Reasoning?.Summary ?? request.Reasoning?.GenerateSummary);
            json.WriteEndObject();
            json.WriteString("safety_identifier"u8, request.SafetyIdentifier);
            json.WriteString("service_tier"u8, request.ServiceTier ?? "auto");
            json.WriteBoolean("store"u8, response.IsStored);
            json.WriteNumber("temperature"u8, request.Temperature ?? 1);
            WriteText(json, request.Text);
            json.WritePropertyName("tool_choice"u8);
            if (request.ToolChoice is { ValueKind: not JsonValueKind.Null } choice) choice.WriteTo(json);
            else json.WriteStringValue("auto"u8);
            WriteTools(json, request.Tools);
            json.WriteNumber("top_logprobs"u8, request.TopLogprobs ?? 0);
            json.WriteNumber("top_p"u8, request.TopP ?? 1);
            json.WriteString("truncation"u8, request.Truncation ?? "disabled");
            // Ours: how many of the oldest turns truncation: "auto" left out.
            if (truncatedTurns > 0) json.WriteNumber("truncated_turns"u8, truncatedTurns);
            if (request.User is { } user) json.WriteString("user"u8, user);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void WriteConversation(Utf8JsonWriter json, Response response)
    {
        if (response.ConversationId is not { } conversation)
        {
            json.WriteNull("conversation"u8);
            return;
        }

        json.WriteStartObject("conversation"u8);
        json.WriteString("id"u8, conversation.ToWire());
        json.WriteEndObject();
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, int? value)
    {
        if (value is { } number) json.WriteNumber(name, number);
        else json.WriteNull(name);
    }

    private static void WriteMetadata(Utf8JsonWriter json, Dictionary<string, string>? metadata)
    {
        json.WriteStartObject("metadata"u8);
        foreach (var (name, value) in metadata ?? []) json.WriteString(name, value);
        json.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter json, ResponseText? text)
    {
        json.WriteStartObject("text"u8);
        json.WritePropertyName("format"u8);
        if (text?.Format is { ValueKind: JsonValueKind.Object } format) format.WriteTo(json);
        else json.WriteRawValue("""{"type":"text"}"""u8);
        json.WriteString("verbosity"u8, text?.Verbosity ?? "medium");
        json.WriteEndObject();
    }

    // The API shows tools with all their fields, also those the client left out.
    private static void WriteTools(Utf8JsonWriter json, IReadOnlyList<JsonElement>? tools)
    {
        json.WriteStartArray("tools"u8);
        foreach (var tool in tools ?? [])
        {
            json.WriteStartObject();
            foreach (var field in tool.EnumerateObject()) field.WriteTo(json);
            foreach (var (name, value) in FileSearchTool.IsFileSearch(tool) ? SearchDefaults : FunctionDefaults)
            {
                if (tool.TryGetProperty(name, out _)) continue;
                json.WritePropertyName(name);
                json.WriteRawValue(value);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
