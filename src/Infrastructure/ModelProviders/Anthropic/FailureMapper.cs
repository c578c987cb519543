using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using AiPlatform.Application.Inference.Contracts;

namespace AiPlatform.Infrastructure.ModelProviders.Anthropic;

/// <summary>Says what went wrong at the vendor, in words fit for a client: never the key, nor any part of a prompt or an answer.</summary>
internal sealed class FailureMapper(string provider, string? apiKey, TimeProvider clock)
{
    private const int LongestVendorMessage = 500;

    /// <summary>The vendor answered with an error status. <paramref name="error"/> is its own account of it, if it gave one.</summary>
    public UpstreamFailed FromStatus(int status, HttpResponseHeaders headers, JsonElement? error)
    {
        var type = error?.Text("type");
        var said = Clean(error?.Text("message"));
        var retryAfter = RetryAfter(headers);
        switch (status)
        {
            case 401 or 403:
                return new(UpstreamFailure.Credentials, "upstream_credentials",
                    $"The vendor refused the API key of provider '{provider}' ({status}). Set ANTHROPIC_API_KEY, or Inference__Providers__{provider}__ApiKey, to a key that is valid and may use this model.", vendorStatus: status);
            case 402:
            case 400 when said?.Contains("credit balance", StringComparison.OrdinalIgnoreCase) == true:
                return new(UpstreamFailure.Credentials, "upstream_billing", $"The vendor account of provider '{provider}' has a billing problem. Check its plan and credit with the vendor.", vendorStatus: status);
            case 404:
                return new(UpstreamFailure.ModelNotFound, "model_not_found", $"Provider '{provider}' does not know this model{With(said)}.", "model", status);
            case 429:
                return new(UpstreamFailure.RateLimited, "upstream_rate_limited", $"Provider '{provider}' limits the rate of requests. Try again later.", vendorStatus: status, retryAfter: retryAfter);
            case 503 or 529:
                return new(UpstreamFailure.Overloaded, "upstream_overloaded", $"Provider '{provider}' is overloaded. Try again later.", vendorStatus: status, retryAfter: retryAfter);
            case 413:
                return new(UpstreamFailure.Rejected, "request_too_large", $"The request is larger than provider '{provider}' takes. Send fewer or smaller images, files or messages.", vendorStatus: status);
            case >= 500:
                return new(UpstreamFailure.ServerError, "upstream_error", $"Provider '{provider}' failed with status {status}.", vendorStatus: status, retryAfter: retryAfter);
            case >= 400:
                var tooLong = said is not null && (said.Contains("prompt is too long", StringComparison.OrdinalIgnoreCase) || said.Contains("exceed context limit", StringComparison.OrdinalIgnoreCase));
                return new(UpstreamFailure.Rejected, tooLong ? "context_length_exceeded" : type ?? "invalid_request_error",
                    said ?? $"Provider '{provider}' refused the request with status {status}.", tooLong ? "messages" : null, status);
            default:
                return new(UpstreamFailure.InvalidResponse, "upstream_invalid_response",
                    $"Provider '{provider}' answered with status {status}. Check Inference__Providers__{provider}__BaseUrl.", vendorStatus: status);
        }
    }

    /// <summary>The vendor reported an error in mid-stream, after a status of 200.</summary>
    public UpstreamFailed FromErrorEvent(JsonElement? error) => error?.Text("type") switch
    {
        "overloaded_error" => new(UpstreamFailure.Overloaded, "upstream_overloaded", $"Provider '{provider}' became overloaded while answering. Try again later."),
        "rate_limit_error" => new(UpstreamFailure.RateLimited, "upstream_rate_limited", $"Provider '{provider}' limits the rate of requests. Try again later."),
        "invalid_request_error" => new(UpstreamFailure.Rejected, "invalid_request_error", Clean(error?.Text("message")) ?? $"Provider '{provider}' refused the request while answering."),
        _ => new(UpstreamFailure.ServerError, "upstream_error", $"Provider '{provider}' failed while answering."),
    };

    /// <summary>A call failed by exception: the caller's own cancellation stays what it is, all else becomes <see cref="UpstreamFailed"/>.</summary>
    public Exception FromException(Exception exception, CancellationToken cancellationToken)
    {
        if (exception is UpstreamFailed) return exception;
        if (cancellationToken.IsCancellationRequested) return new OperationCanceledException("The model call was cancelled.", exception, cancellationToken);
        return exception switch
        {
            HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse or HttpRequestError.HttpProtocolError or HttpRequestError.ConfigurationLimitExceeded } => InvalidResponse(exception),
            HttpRequestException { HttpRequestError: HttpRequestError.ResponseEnded } => Interrupted(exception),
            HttpRequestException { HttpRequestError: HttpRequestError.Unknown, InnerException: IOException } => Interrupted(exception),
            // A connect timeout comes as a cancellation that nobody asked for.
            HttpRequestException or OperationCanceledException => new UpstreamFailed(UpstreamFailure.Unreachable, "upstream_unreachable",
                $"Provider '{provider}' cannot be reached. Check the network and Inference__Providers__{provider}__BaseUrl.", inner: exception),
            HttpIOException { HttpRequestError: HttpRequestError.InvalidResponse or HttpRequestError.HttpProtocolError } => InvalidResponse(exception),
            IOException => Interrupted(exception),
            JsonException or InvalidOperationException or FormatException => InvalidResponse(exception),
            _ => exception,
        };
    }

    public UpstreamFailed Interrupted(Exception? inner = null) =>
        new(UpstreamFailure.Interrupted, "upstream_interrupted", $"The connection to provider '{provider}' broke before the answer was whole.", inner: inner);

    public UpstreamFailed InvalidResponse(Exception? inner = null) =>
        new(UpstreamFailure.InvalidResponse, "upstream_invalid_response", $"Provider '{provider}' sent what is no answer of the Messages API. Check Inference__Providers__{provider}__BaseUrl.", inner: inner);

    private TimeSpan? RetryAfter(HttpResponseHeaders headers)
    {
        if (!headers.TryGetValues("retry-after", out var values) || values.FirstOrDefault() is not { } given) return null;
        double seconds;
        if (DateTimeOffset.TryParseExact(given, "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date)) seconds = (date - clock.GetUtcNow()).TotalSeconds;
        else if (!double.TryParse(given, NumberStyles.Float, CultureInfo.InvariantCulture, out seconds) || double.IsNaN(seconds)) return null;
        return TimeSpan.FromSeconds(Math.Clamp(seconds, 1, 3600));
    }

    private string? Clean(string? message)
    {
        if (string.IsNullOrWhiteSpace(message)) return null;
        if (!string.IsNullOrEmpty(apiKey)) message = message.Replace(apiKey, "[key]", StringComparison.Ordinal);
        return message.Length > LongestVendorMessage ? message[..LongestVendorMessage] + "..." : message;
    }

    private static string With(string? said) => said is null ? "" : $" ({said})";
}
