using AiPlatform.Application.Inference.Contracts;
using AiPlatform.Domain.Common;
using FluentValidation;
using FluentValidation.Results;
using Npgsql;

namespace AiPlatform.Api.Errors;

/// <summary>A failure as clients see it, independent of the format it is written in.</summary>
public sealed record ApiError(int Status, string Code, string Message, string? Param = null, TimeSpan? RetryAfter = null)
{
    /// <summary>All that is wrong, by field, where a validator found it.</summary>
    public IReadOnlyDictionary<string, string[]>? Fields { get; init; }

    /// <summary>The API's class of error for this status.</summary>
    public string Type => Status switch
    {
        429 when Code == "insufficient_quota" => "insufficient_quota",
        429 => "rate_limit_error",
        >= 500 => "server_error",
        _ => "invalid_request_error",
    };

    /// <summary>Whether it is ours to look into; everything else is the caller's or a vendor's doing.</summary>
    public bool IsUnexpected => Code == UnexpectedCode;

    private const string UnexpectedCode = "internal_error";

    public static ApiError From(Exception exception) => exception switch
    {
        ValidationException e => FromValidation(e),
        InvalidRequest e => new(StatusCodes.Status400BadRequest, e.Code, e.Message, e.Param),
        TooLarge e => new(StatusCodes.Status413PayloadTooLarge, e.Code, e.Message, e.Param),
        Unauthenticated e => new(StatusCodes.Status401Unauthorized, e.Code, e.Message),
        Denied e => new(StatusCodes.Status403Forbidden, e.Code, e.Message),
        NotFound e => new(StatusCodes.Status404NotFound, e.Code, e.Message, e.Param),
        RuleBroken e => new(StatusCodes.Status409Conflict, e.Code, e.Message, e.Param, e.RetryAfter),
        QuotaExceeded e => new(StatusCodes.Status429TooManyRequests, e.Code, e.Message, RetryAfter: e.RetryAfter),
        Unavailable e => new(StatusCodes.Status503ServiceUnavailable, e.Code, e.Message, RetryAfter: e.RetryAfter),
        UpstreamFailed e => new(StatusOf(e), e.Code, e.Message, e.Param, e.RetryAfter),
        BadHttpRequestException e => FromHttp(e),
        PostgresException { SqlState: PostgresErrorCodes.CharacterNotInRepertoire } or { InnerException: PostgresException { SqlState: PostgresErrorCodes.CharacterNotInRepertoire } } => new(
            StatusCodes.Status400BadRequest, "invalid_value", "A name in this request holds the character U+0000, which cannot be stored. Remove it."),
        NpgsqlException { IsTransient: true } or { InnerException: NpgsqlException { IsTransient: true } } => new(
            StatusCodes.Status503ServiceUnavailable, "database_unavailable", "The database cannot be reached at the moment. Try again shortly.", RetryAfter: TimeSpan.FromSeconds(1)),
        _ => new(StatusCodes.Status500InternalServerError, UnexpectedCode, "Something went wrong on our side. The request id leads the operator to the log entry."),
    };

    private static int StatusOf(UpstreamFailed e) => e.Kind switch
    {
        UpstreamFailure.Rejected => e.VendorStatus is 409 or 413 or 415 or 422 ? e.VendorStatus.Value : StatusCodes.Status400BadRequest,
        UpstreamFailure.ModelNotFound => StatusCodes.Status404NotFound,
        UpstreamFailure.RateLimited => StatusCodes.Status429TooManyRequests,
        UpstreamFailure.Overloaded => StatusCodes.Status503ServiceUnavailable,
        UpstreamFailure.Timeout => StatusCodes.Status504GatewayTimeout,
        _ => StatusCodes.Status502BadGateway,
    };

    private static ApiError FromHttp(BadHttpRequestException e) => e.StatusCode switch
    {
        StatusCodes.Status413PayloadTooLarge => new(e.StatusCode, "request_too_large", "The request body is larger than this server accepts (setting Edge:MaxRequestBodyBytes)."),
        StatusCodes.Status415UnsupportedMediaType => new(e.StatusCode, "unsupported_media_type", e.Message),
        StatusCodes.Status408RequestTimeout => new(e.StatusCode, "request_timeout", "The request body did not arrive in time."),
        _ => new(e.StatusCode, "invalid_request", e.Message),
    };

    private static ApiError FromValidation(ValidationException e)
    {
        var failures = e.Errors.ToList();
        var first = failures[0];
        return new ApiError(StatusCodes.Status400BadRequest, first.CustomState as string ?? "invalid_value", Sentence(first), ParamOf(first))
        {
            Fields = failures.GroupBy(ParamOf).ToDictionary(group => group.Key, group => group.Select(failure => failure.ErrorMessage).ToArray()),
        };
    }

    private static string Sentence(ValidationFailure failure) => $"Invalid '{ParamOf(failure)}': {failure.ErrorMessage}";

    // Requests that carry the wire record as their Body speak of its fields, as clients do.
    private static string ParamOf(ValidationFailure failure) =>
        failure.PropertyName.StartsWith("body.", StringComparison.Ordinal) ? failure.PropertyName["body.".Length..] : failure.PropertyName;
}
