namespace AiPlatform.Domain.Common;

/// <summary>A failure the caller can understand: a stable code, a sentence that says what to change, and the parameter it concerns.</summary>
public abstract class PlatformException(string code, string message, string? param = null, Exception? inner = null) : Exception(message, inner)
{
    public string Code { get; } = code;

    /// <summary>The request parameter at fault, in the API's own path notation (<c>messages[0].content</c>), if one is.</summary>
    public string? Param { get; } = param;
}

/// <summary>The request cannot be served as it is written (HTTP 400).</summary>
public sealed class InvalidRequest(string code, string message, string? param = null) : PlatformException(code, message, param);

/// <summary>More was sent than is taken (HTTP 413).</summary>
public sealed class TooLarge(string code, string message, string? param = null) : PlatformException(code, message, param);

/// <summary>The request is well-formed, but the state of what it concerns forbids it (HTTP 409).</summary>
public sealed class RuleBroken(string code, string message, string? param = null, TimeSpan? retryAfter = null) : PlatformException(code, message, param)
{
    public TimeSpan? RetryAfter { get; } = retryAfter;
}

/// <summary>What was asked for does not exist, or belongs to another workspace: the two are not told apart (HTTP 404).</summary>
public sealed class NotFound(string code, string message, string? param = null) : PlatformException(code, message, param)
{
    public static NotFound Of(string what, string id) => new("not_found", $"{what} with id '{id}' not found.");
}

/// <summary>The caller is known, but may not do this (HTTP 403).</summary>
public sealed class Denied(string code, string message) : PlatformException(code, message);

/// <summary>The caller could not be recognised (HTTP 401).</summary>
public sealed class Unauthenticated(string code, string message) : PlatformException(code, message);

/// <summary>A limit is used up (HTTP 429).</summary>
public sealed class QuotaExceeded(string code, string message, TimeSpan? retryAfter = null) : PlatformException(code, message)
{
    public TimeSpan? RetryAfter { get; } = retryAfter;
}

/// <summary>This instance cannot take the request now; another, or a later try, may (HTTP 503).</summary>
public sealed class Unavailable(string code, string message, TimeSpan? retryAfter = null) : PlatformException(code, message)
{
    public TimeSpan? RetryAfter { get; } = retryAfter;
}
