using AiPlatform.Domain.Common;

namespace AiPlatform.Application.Inference.Contracts;

/// <summary>Why a call to a model vendor failed; decides the status a client sees, and later whether a retry may help.</summary>
public enum UpstreamFailure
{
    /// <summary>The vendor refused the request itself (4xx other than those below); its message, code and param are passed on.</summary>
    Rejected,

    /// <summary>The vendor does not know the model (404).</summary>
    ModelNotFound,

    /// <summary>The vendor refused our credentials (401, 403): an operator's problem, not the caller's.</summary>
    Credentials,

    /// <summary>The vendor limits our rate or our quota (429).</summary>
    RateLimited,

    /// <summary>The vendor is overloaded or in maintenance (503, 529).</summary>
    Overloaded,

    /// <summary>The vendor failed (other 5xx), or reported an error in mid-stream.</summary>
    ServerError,

    /// <summary>No connection could be made.</summary>
    Unreachable,

    /// <summary>The connection broke before the answer was whole.</summary>
    Interrupted,

    /// <summary>What came is not what the protocol allows.</summary>
    InvalidResponse,

    /// <summary>One of the four timeouts ran out.</summary>
    Timeout,
}

/// <summary>A model vendor did not deliver. <see cref="PlatformException.Code"/> and the message are fit for the client.</summary>
public sealed class UpstreamFailed(
    UpstreamFailure kind,
    string code,
    string message,
    string? param = null,
    int? vendorStatus = null,
    TimeSpan? retryAfter = null,
    Exception? inner = null) : PlatformException(code, message, param, inner)
{
    public UpstreamFailure Kind { get; } = kind;

    /// <summary>The HTTP status the vendor answered with, if it came that far.</summary>
    public int? VendorStatus { get; } = vendorStatus;

    public TimeSpan? RetryAfter { get; } = retryAfter;

    /// <summary>Whether the same request may well succeed a moment later; otherwise something must be changed first.</summary>
    public bool IsTransient => Kind is not (UpstreamFailure.Rejected or UpstreamFailure.ModelNotFound or UpstreamFailure.Credentials);
}
