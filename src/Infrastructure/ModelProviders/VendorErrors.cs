using System.Globalization;
using System.Net.Sockets;
using AiPlatform.Application.Inference.Contracts;

namespace AiPlatform.Infrastructure.ModelProviders;

/// <summary>What every vendor's failures have in common: kinds by status, and failures of the connection itself.</summary>
internal static class VendorErrors
{
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromHours(1);

    public static UpstreamFailure KindOf(int status) => status switch
    {
        401 or 403 => UpstreamFailure.Credentials,
        404 => UpstreamFailure.ModelNotFound,
        408 => UpstreamFailure.Timeout,
        429 => UpstreamFailure.RateLimited,
        503 or 529 => UpstreamFailure.Overloaded,
        >= 400 and < 500 => UpstreamFailure.Rejected,
        >= 500 => UpstreamFailure.ServerError,
        _ => UpstreamFailure.InvalidResponse,
    };

    /// <summary>A <c>Retry-After</c> in seconds or as a date, kept within reason: vendors have been seen to send -1 and years.</summary>
    public static TimeSpan? RetryAfter(string? header, TimeProvider clock)
    {
        TimeSpan wait;
        if (double.TryParse(header, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && !double.IsNaN(seconds))
            wait = TimeSpan.FromSeconds(Math.Clamp(seconds, 0, LongestRetryAfter.TotalSeconds));
        else if (DateTimeOffset.TryParse(header, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date))
            wait = date - clock.GetUtcNow();
        else return null;
        return wait < TimeSpan.FromSeconds(1) ? TimeSpan.FromSeconds(1) : wait > LongestRetryAfter ? LongestRetryAfter : wait;
    }

    /// <summary>The failure behind an exception of the HTTP stack, or null where it is none. <paramref name="started"/>: the answer had begun.</summary>
    public static UpstreamFailed? FromConnection(string provider, Exception exception, bool started)
    {
        for (var e = exception; e is not null; e = e.InnerException)
        {
            if (e is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError } or SocketException && !started)
            {
                return new UpstreamFailed(
                    UpstreamFailure.Unreachable, "upstream_unreachable", $"The provider '{provider}' cannot be reached ({e.Message.TrimEnd('.')}).", inner: exception);
            }
        }

        return exception is HttpRequestException or IOException or AggregateException
            ? new UpstreamFailed(
                UpstreamFailure.Interrupted, "upstream_interrupted", $"The connection to the provider '{provider}' broke before the answer was whole.", inner: exception)
            : null;
    }

    public static UpstreamFailed Credentials(string provider, int status, string environmentKey) => new(
        UpstreamFailure.Credentials,
        "upstream_credentials",
        $"The provider '{provider}' refused the server's API key. The operator can set it by {environmentKey} or Inference__Providers__{provider}__ApiKey.",
        vendorStatus: status);

    public static UpstreamFailed Garbage(string provider, Exception? inner = null) => new(
        UpstreamFailure.InvalidResponse, "upstream_invalid_response", $"The provider '{provider}' sent something that is no valid answer.", inner: inner);

    public static UpstreamFailed Incomplete(string provider) => new(
        UpstreamFailure.Interrupted, "upstream_interrupted", $"The provider '{provider}' ended its answer before it was whole.");
}
