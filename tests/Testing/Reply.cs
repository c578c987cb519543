using System.Net.Http.Headers;
using System.Text.Json;

namespace AiPlatform.Testing;

/// <summary>An answer read to its end.</summary>
public sealed record Reply(int Status, HttpResponseHeaders Headers, HttpContentHeaders ContentHeaders, string Text)
{
    public JsonElement Json => JsonDocument.Parse(Text).RootElement.Clone();

    /// <summary>The <c>error</c> object of the envelope.</summary>
    public JsonElement Error => Json.GetProperty("error");

    /// <summary>The code of an error: in the envelope on <c>/v1</c>, in the problem details elsewhere.</summary>
    public string? Code => (Json.TryGetProperty("error", out var error) ? error : Json).GetProperty("code").GetString();

    public string? Param => Error.GetProperty("param").GetString();

    /// <summary>The answer, where it is a success; else a failure that shows it.</summary>
    public JsonElement Ok => Status is >= 200 and < 300 ? Json : throw new InvalidOperationException($"Status {Status}: {Text}");

    public string? Header(string name) => Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : null;
}
