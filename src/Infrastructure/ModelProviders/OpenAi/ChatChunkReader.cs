using System.Text.Json;
using AiPlatform.Application.Inference.Contracts;

namespace AiPlatform.Infrastructure.ModelProviders.OpenAi;

/// <summary>
/// Reads a <c>chat.completion.chunk</c> into deltas, in one pass without a document: this runs once per token. Also understands the
/// <c>reasoning_content</c> (DeepSeek, vLLM) and <c>reasoning</c> (Ollama, OpenRouter) fields, and an <c>error</c> object in a chunk's place.
/// </summary>
internal static class ChatChunkReader
{
    /// <summary>Throws <see cref="JsonException"/> for what is not JSON, <see cref="UpstreamFailed"/> for an error the vendor sends in-band.</summary>
    public static List<ModelDelta> Read(ReadOnlySpan<byte> json)
    {
        try
        {
            return ReadChunk(json);
        }
        catch (InvalidOperationException e)
        {
            throw new JsonException("A chunk holds text that is not Unicode.", e);
        }
    }

    private static List<ModelDelta> ReadChunk(ReadOnlySpan<byte> json)
    {
        var deltas = new List<ModelDelta>(1);
        var reader = new Utf8JsonReader(json);
        if (!reader.Read() || reader.TokenType is not JsonTokenType.StartObject) throw new JsonException("A chunk must be an object.");
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("choices"u8)) ReadChoices(ref reader, deltas);
            else if (reader.ValueTextEquals("usage"u8)) ReadUsage(ref reader, deltas);
            else if (reader.ValueTextEquals("error"u8)) ReadError(ref reader);
            else Skip(ref reader);
        }

        return deltas;
    }

    public static TokenUsage? ReadUsage(ref Utf8JsonReader reader)
    {
        if (!ReadStart(ref reader, JsonTokenType.StartObject)) return null;
        int input = 0, output = 0, cached = 0, written = 0, reasoning = 0;
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("prompt_tokens"u8)) input = ReadInt(ref reader);
            else if (reader.ValueTextEquals("completion_tokens"u8)) output = ReadInt(ref reader);
            else if (reader.ValueTextEquals("prompt_tokens_details"u8) || reader.ValueTextEquals("completion_tokens_details"u8))
            {
                if (!ReadStart(ref reader, JsonTokenType.StartObject)) continue;
                while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
                {
                    if (reader.ValueTextEquals("cached_tokens"u8)) cached = ReadInt(ref reader);
                    else if (reader.ValueTextEquals("cache_write_tokens"u8)) written = ReadInt(ref reader);
                    else if (reader.ValueTextEquals("reasoning_tokens"u8)) reasoning = ReadInt(ref reader);
                    else Skip(ref reader);
                }
            }
            else Skip(ref reader);
        }

        return new TokenUsage(input, output, cached, written, reasoning);
    }

    private static void ReadUsage(ref Utf8JsonReader reader, List<ModelDelta> deltas)
    {
        if (ReadUsage(ref reader) is { } usage) deltas.Add(new ModelDelta.Usage(usage));
    }

    private static void ReadError(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType is JsonTokenType.Null) return;
        using var error = JsonDocument.ParseValue(ref reader);
        throw OpenAiFailures.InBand(error.RootElement);
    }

    private static void ReadChoices(ref Utf8JsonReader reader, List<ModelDelta> deltas)
    {
        if (!ReadStart(ref reader, JsonTokenType.StartArray)) return;
        while (reader.Read() && reader.TokenType is not JsonTokenType.EndArray)
        {
            if (reader.TokenType is JsonTokenType.StartObject) ReadChoice(ref reader, deltas);
            else reader.Skip();
        }
    }

    private static void ReadChoice(ref Utf8JsonReader reader, List<ModelDelta> deltas)
    {
        var first = deltas.Count;
        var index = 0;
        string? finish = null;
        JsonElement? logprobs = null;
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("index"u8)) index = ReadInt(ref reader);
            else if (reader.ValueTextEquals("delta"u8)) ReadDelta(ref reader, deltas);
            else if (reader.ValueTextEquals("finish_reason"u8)) finish = ReadString(ref reader);
            else if (reader.ValueTextEquals("logprobs"u8)) logprobs = ReadLogprobs(ref reader);
            else Skip(ref reader);
        }

        // The index may come after the delta, and the log probabilities always do.
        for (var i = first; i < deltas.Count; i++)
        {
            deltas[i] = deltas[i] switch
            {
                ModelDelta.Text text => index == 0 && logprobs is null ? text : text with { Choice = index, Logprobs = logprobs },
                ModelDelta.Refusal refusal => refusal with { Choice = index },
                ModelDelta.Reasoning reasoning => reasoning with { Choice = index },
                ModelDelta.ToolCall call => call with { Choice = index },
                var other => other,
            };
        }

        if (finish is not null) deltas.Add(new ModelDelta.Finish(index, finish));
    }

    private static void ReadDelta(ref Utf8JsonReader reader, List<ModelDelta> deltas)
    {
        if (!ReadStart(ref reader, JsonTokenType.StartObject)) return;
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("content"u8))
            {
                if (ReadString(ref reader) is { Length: > 0 } text) deltas.Add(new ModelDelta.Text(0, text));
            }
            else if (reader.ValueTextEquals("refusal"u8))
            {
                if (ReadString(ref reader) is { Length: > 0 } refusal) deltas.Add(new ModelDelta.Refusal(0, refusal));
            }
            else if (reader.ValueTextEquals("reasoning_content"u8) || reader.ValueTextEquals("reasoning"u8))
            {
                // Some servers send both names with the same text.
                if (ReadString(ref reader) is { Length: > 0 } thought && deltas is not [.., ModelDelta.Reasoning]) deltas.Add(new ModelDelta.Reasoning(0, thought));
            }
            else if (reader.ValueTextEquals("tool_calls"u8)) ReadToolCalls(ref reader, deltas);
            else Skip(ref reader);
        }
    }

    private static void ReadToolCalls(ref Utf8JsonReader reader, List<ModelDelta> deltas)
    {
        if (!ReadStart(ref reader, JsonTokenType.StartArray)) return;
        while (reader.Read() && reader.TokenType is not JsonTokenType.EndArray)
        {
            if (reader.TokenType is JsonTokenType.StartObject) deltas.Add(ReadToolCall(ref reader));
            else reader.Skip();
        }
    }

    private static ModelDelta.ToolCall ReadToolCall(ref Utf8JsonReader reader)
    {
        var index = 0;
        string? id = null, name = null, arguments = null;
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("index"u8)) index = ReadInt(ref reader);
            else if (reader.ValueTextEquals("id"u8)) id = ReadString(ref reader);
            else if (reader.ValueTextEquals("function"u8)) ReadFunction(ref reader, ref name, ref arguments);
            else Skip(ref reader);
        }

        return new ModelDelta.ToolCall(0, index, id, name, arguments);
    }

    private static void ReadFunction(ref Utf8JsonReader reader, ref string? name, ref string? arguments)
    {
        if (!ReadStart(ref reader, JsonTokenType.StartObject)) return;
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("name"u8)) name = ReadString(ref reader);
            else if (reader.ValueTextEquals("arguments"u8)) arguments = ReadString(ref reader);
            else Skip(ref reader);
        }
    }

    private static JsonElement? ReadLogprobs(ref Utf8JsonReader reader)
    {
        if (!ReadStart(ref reader, JsonTokenType.StartObject)) return null;
        using var document = JsonDocument.ParseValue(ref reader);
        return document.RootElement.TryGetProperty("content", out var content) && content.ValueKind is JsonValueKind.Array ? content.Clone() : null;
    }

    private static int ReadInt(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType is JsonTokenType.Number && reader.TryGetInt32(out var value)) return value;
        reader.Skip();
        return 0;
    }

    private static string? ReadString(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType is JsonTokenType.String) return reader.GetString();
        reader.Skip();
        return null;
    }

    /// <summary>Enters the object or array that is expected; passes over whatever else stands in its place.</summary>
    private static bool ReadStart(ref Utf8JsonReader reader, JsonTokenType expected)
    {
        reader.Read();
        if (reader.TokenType == expected) return true;
        reader.Skip();
        return false;
    }

    private static void Skip(ref Utf8JsonReader reader)
    {
        reader.Read();
        reader.Skip();
    }
}
