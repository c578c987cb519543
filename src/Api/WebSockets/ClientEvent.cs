using System.Buffers;
using System.Text.Json;
using AiPlatform.Api.Errors;
using AiPlatform.Application.Chat.Wire;

namespace AiPlatform.Api.WebSockets;

/// <summary>
/// What a client sent: <c>{"type": "response.create", ...}</c> with the fields of a new response, and maybe the <c>stream_id</c> of its lane. Where it cannot
/// be read there is an <see cref="Error"/> instead, on the lane where that is known.
/// </summary>
internal sealed record ClientEvent(string? Lane, CreateResponseRequest? Body, ApiError? Error, int Bytes)
{
    private const string Create = "response.create";
    private const int LaneMaxLength = 256;
    private static readonly SearchValues<byte> LaneCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-"u8);

    public static ClientEvent Read(ReadOnlySpan<byte> message, JsonSerializerOptions json)
    {
        string? lane = null;
        try
        {
            // First only what says where it belongs, so that what is wrong with the rest is answered there.
            if (ReadEnvelope(message, ref lane) is { } wrong) return new ClientEvent(lane, null, wrong, message.Length);
            var body = JsonSerializer.Deserialize<CreateResponseRequest>(message, json)!;
            body.Extra?.Remove("type");
            body.Extra?.Remove("stream_id");
            return new ClientEvent(lane, body, ErrorIn(body), message.Length);
        }
        catch (JsonException e)
        {
            return new ClientEvent(lane, null, StatusAnswers.OfValue(e.Path, e.Message) ?? NoJson(), message.Length);
        }
    }

    public static ApiError NoText() => new(StatusCodes.Status400BadRequest, "invalid_json", "Binary messages are not understood. Send JSON as text.");

    public static ApiError NoJson() => new(
        StatusCodes.Status400BadRequest, "invalid_json", $$"""The message could not be read as JSON. Send an object: {"type": "{{Create}}", ...}.""");

    private static ApiError? ReadEnvelope(ReadOnlySpan<byte> message, ref string? lane)
    {
        bool? isCreate = null;
        var reader = new Utf8JsonReader(message);
        reader.Read();
        if (reader.TokenType is not JsonTokenType.StartObject) return NoJson();
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            var (isType, isLane) = (reader.ValueTextEquals("type"u8), reader.ValueTextEquals("stream_id"u8));
            reader.Read();
            if (isType) isCreate = reader.TokenType is JsonTokenType.String && reader.ValueTextEquals(Create);
            if (isLane && !TryReadLane(ref reader, out lane)) return InvalidLane();
            reader.Skip();
        }

        // What follows the object, if anything, is no JSON.
        reader.Read();
        return isCreate is true ? null : UnknownType(isMissing: isCreate is null);
    }

    private static bool TryReadLane(ref Utf8JsonReader reader, out string? lane)
    {
        lane = null;
        if (reader.TokenType is JsonTokenType.Null) return true;
        if (reader.TokenType is not JsonTokenType.String || reader.ValueIsEscaped) return false;
        if (reader.ValueSpan is not { Length: > 0 and <= LaneMaxLength } name || name.ContainsAnyExcept(LaneCharacters)) return false;
        lane = reader.GetString();
        return true;
    }

    private static ApiError? ErrorIn(CreateResponseRequest body)
    {
        if (body.Background is true)
            return new ApiError(StatusCodes.Status400BadRequest, "unsupported_parameter", "Invalid 'background': it is not supported over a WebSocket; use POST /v1/responses.", "background");
        if (body.Stream is false)
            return new ApiError(StatusCodes.Status400BadRequest, "unsupported_value", "Invalid 'stream': over a WebSocket every response is streamed; leave it out.", "stream");
        return null;
    }

    private static ApiError UnknownType(bool isMissing) => new(
        StatusCodes.Status400BadRequest, "invalid_value", $"Invalid 'type': {(isMissing ? "it is missing" : "there is no such client event")}. It must be '{Create}'.", "type");

    private static ApiError InvalidLane() => new(
        StatusCodes.Status400BadRequest, "invalid_stream_id", $"Invalid 'stream_id': it takes from 1 to {LaneMaxLength} letters, digits, underscores, hyphens and periods.", "stream_id");
}
