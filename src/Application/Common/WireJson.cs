using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AiPlatform.Application.Common;

/// <summary>How JSON is written on every wire of ours: snake_case names, absent rather than null, text as it is.</summary>
public static class WireJson
{
    // Our JSON is never put inside HTML, and escaping every non-Latin letter would triple a Hindi answer.
    private static readonly JavaScriptEncoder Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    // Checking the order of every call would cost time with every token; the tests parse what is written.
    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = Encoder, SkipValidation = true };

    public static Utf8JsonWriter Writer(IBufferWriter<byte> buffer) => new(buffer, WriterOptions);

    /// <summary>Applies the house rules to <paramref name="options"/>; the source-generated contexts repeat them as attributes.</summary>
    public static JsonSerializerOptions Configure(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        options.DictionaryKeyPolicy = null;
        options.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        options.Encoder = Encoder;
        options.NumberHandling = JsonNumberHandling.Strict;
        return options;
    }
}
