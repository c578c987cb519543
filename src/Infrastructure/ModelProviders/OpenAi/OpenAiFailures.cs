using System.Text.Json;
using AiPlatform.Application.Inference.Contracts;

namespace AiPlatform.Infrastructure.ModelProviders.OpenAi;

/// <summary>Reads the error envelope of OpenAI's API, and the looser ones of servers that imitate it.</summary>
internal static class OpenAiFailures
{
    private const int MessageMaxLength = 1000;

    public static UpstreamFailed FromResponse(string provider, int status, string? retryAfter, ReadOnlyMemory<byte> body, TimeProvider clock)
    {
        var kind = VendorErrors.KindOf(status);
        if (kind is UpstreamFailure.Credentials) return VendorErrors.Credentials(provider, status, "OPENAI_API_KEY");
        var (message, code, param) = Parse(body);
        message = message is null ? $"The provider '{provider}' answered with status {status}."
            // Its requests are its clients' requests, but its troubles ("The server had an error") must not pass for ours.
            : kind is UpstreamFailure.Rejected or UpstreamFailure.ModelNotFound ? message
            : $"The provider '{provider}' failed: {message}";
        return new UpstreamFailed(kind, code ?? DefaultCode(kind), message, param, status, VendorErrors.RetryAfter(retryAfter, clock));
    }

    /// <summary>An error object that stands where a chunk should be.</summary>
    public static UpstreamFailed InBand(JsonElement error)
    {
        var (message, code, param) = Fields(error);
        var kind = code is "rate_limit_exceeded" ? UpstreamFailure.RateLimited : UpstreamFailure.ServerError;
        return new UpstreamFailed(kind, code ?? DefaultCode(kind), message is null ? "The provider reported an error in mid-answer." : $"The provider reported an error in mid-answer: {message}", param);
    }

    private static string DefaultCode(UpstreamFailure kind) => kind switch
    {
        UpstreamFailure.Rejected => "upstream_rejected",
        UpstreamFailure.ModelNotFound => "model_not_found",
        UpstreamFailure.RateLimited => "rate_limit_exceeded",
        UpstreamFailure.Overloaded => "upstream_overloaded",
        UpstreamFailure.Timeout => "upstream_timeout",
        _ => "upstream_error",
    };

    private static (string? Message, string? Code, string? Param) Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var root = document.RootElement;
            // Gemini's compatible endpoint wraps the envelope into an array.
            if (root.ValueKind is JsonValueKind.Array && root.GetArrayLength() > 0) root = root[0];
            return root.ValueKind is JsonValueKind.Object && root.TryGetProperty("error", out var error) ? Fields(error) : Fields(root);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // An HTML page of some proxy, or text that is not Unicode: it would help nobody.
            return default;
        }
    }

    private static (string? Message, string? Code, string? Param) Fields(JsonElement error) => error.ValueKind switch
    {
        JsonValueKind.String => (Shorten(error.GetString()), null, null),
        JsonValueKind.Object => (Shorten(Text(error, "message") ?? Text(error, "detail")), Text(error, "code") ?? CodeOfType(Text(error, "type")), Text(error, "param")),
        _ => default,
    };

    private static string? CodeOfType(string? type) => type is "insufficient_quota" or "context_length_exceeded" ? type : null;

    private static string? Text(JsonElement error, string name) =>
        error.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;

    private static string? Shorten(string? message) => message is { Length: > MessageMaxLength } ? message[..MessageMaxLength] : message;
}
