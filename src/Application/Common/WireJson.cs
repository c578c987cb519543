using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AiPlatform.Application.Common;

/// <summary>How JSON is written on every wire of ours: snake_case names, absent rather than null, text as it is.</summary>
public static class WireJson
{
    /// <summary>Applies the house rules to <paramref name="options"/>; the source-generated contexts repeat them as attributes.</summary>
    public static JsonSerializerOptions Configure(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        options.DictionaryKeyPolicy = null;
        options.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        // Our JSON is never put inside HTML, and escaping every non-Latin letter would triple a Hindi answer.
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        options.NumberHandling = JsonNumberHandling.Strict;
        return options;
    }
}
