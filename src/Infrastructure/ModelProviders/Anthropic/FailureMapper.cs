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
        var said = Clean(error?.Text("message"));
        if (status == 402 || said?.Contains("credit balance", StringComparison.OrdinalIgnoreCase) == true)
            return new(UpstreamFailure.Credentials, "upstream_billing", $"The vendor account of provider '{provider}' has a billing problem. The operator can check its plan and credit with the vendor.", vendorStatus: status);

        var kind = VendorErrors.KindOf(status);
        var (code, message, param) = kind switch
        {
            UpstreamFailure.Rejected when status == 413 => ("request_too_large", $"The request is larger than the provider '{provider}' takes. Send fewer or smaller images, files or messages.", null),
            UpstreamFailure.Rejected when IsTooLong(said) => ("context_length_exceeded", said!, "messages"),
            UpstreamFailure.Rejected => ("upstream_rejected", said ?? $"The provider '{provider}' refused the request with status {status}.", null),
            UpstreamFailure.ModelNotFound => ("model_not_found", $"The provider '{provider}' does not know this model{(said is null ? "" : $" ({said})")}.", "model"),
            UpstreamFailure.RateLimited => ("rate_limit_exceeded", $"The provider '{provider}' limits the rate of requests. Try again later.", null),
            UpstreamFailure.Overloaded => ("upstream_overloaded", $"The provider '{provider}' is overloaded. Try again later.", null),
            UpstreamFailure.Timeout => ("upstream_timeout", $"The provider '{provider}' took too long.", null),
            UpstreamFailure.InvalidResponse => ("upstream_invalid_response", $"The provider '{provider}' answered with status {status}. The operator can check Inference__Providers__{provider}__BaseUrl.", null),
            _ => ("upstream_error", $"The provider '{provider}' failed with status {status}.", (string?)null),
        };
        return kind == UpstreamFailure.Credentials
            ? VendorErrors.Credentials(provider, status, "ANTHROPIC_API_KEY")
            : new UpstreamFailed(kind, code, message, param, status, RetryAfter(headers));
    }

    /// <summary>The vendor reported an error in mid-stream, after a status of 200.</summary>
    public UpstreamFailed FromErrorEvent(JsonElement? error) => error?.Text("type") switch
    {
        "overloaded_error" => new(UpstreamFailure.Overloaded, "upstream_overloaded", $"The provider '{provider}' became overloaded while answering. Try again later."),
        "rate_limit_error" => new(UpstreamFailure.RateLimited, "rate_limit_exceeded", $"The provider '{provider}' limits the rate of requests. Try again later."),
        "invalid_request_error" => new(UpstreamFailure.Rejected, "upstream_rejected", Clean(error?.Text("message")) ?? $"The provider '{provider}' refused the request while answering."),
        _ => new(UpstreamFailure.ServerError, "upstream_error", $"The provider '{provider}' failed while answering."),
    };

    /// <summary>A call failed by exception: the caller's own cancellation stays what it is, all else becomes <see cref="UpstreamFailed"/>.</summary>
    /// <param name="started">Whether the answer had begun.</param>
    public Exception FromException(Exception exception, bool started, CancellationToken cancellationToken)
    {
        if (exception is UpstreamFailed) return exception;
        if (cancellationToken.IsCancellationRequested) return new OperationCanceledException("The model call was cancelled.", exception, cancellationToken);
        return exception switch
        {
            HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse or HttpRequestError.HttpProtocolError or HttpRequestError.ConfigurationLimitExceeded }
                or HttpIOException { HttpRequestError: HttpRequestError.InvalidResponse or HttpRequestError.HttpProtocolError }
                or JsonException or InvalidOperationException => InvalidResponse(exception),
            // A connect timeout comes as a cancellation that nobody asked for.
            OperationCanceledException => new UpstreamFailed(UpstreamFailure.Unreachable, "upstream_unreachable", $"The provider '{provider}' cannot be reached (connecting took too long).", inner: exception),
            _ => VendorErrors.FromConnection(provider, exception, started) ?? exception,
        };
    }

    public UpstreamFailed Incomplete() => VendorErrors.Incomplete(provider);

    public UpstreamFailed InvalidResponse(Exception? inner = null) => VendorErrors.Garbage(provider, inner);

    private TimeSpan? RetryAfter(HttpResponseHeaders headers) =>
        headers.TryGetValues("retry-after", out var values) ? VendorErrors.RetryAfter(values.FirstOrDefault(), clock) : null;

    private static bool IsTooLong(string? said) => said is not null
        && (said.Contains("prompt is too long", StringComparison.OrdinalIgnoreCase) || said.Contains("exceed context limit", StringComparison.OrdinalIgnoreCase));

    /// <summary>What the vendor said, within bounds and without our key, should it have repeated that.</summary>
    private string? Clean(string? message)
    {
        if (string.IsNullOrWhiteSpace(message)) return null;
        if (!string.IsNullOrEmpty(apiKey)) message = message.Replace(apiKey, "[key]", StringComparison.Ordinal);
        return message.Length > LongestVendorMessage ? message[..LongestVendorMessage] + "..." : message;
    }
}
