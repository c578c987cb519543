using AiPlatform.Application.Inference.Contracts;
using AiPlatform.Domain.Chat;
using AiPlatform.Domain.Common;

namespace AiPlatform.Application.Chat.Runs;

/// <summary>How often an answer may break off before it is given up: a request that breaks whatever serves it must not go round for ever.</summary>
internal static class RunLimits
{
    /// <summary>Interruptions in a row that brought nothing new. With the pauses between them, a vendor may be away for about 15 s.</summary>
    public const int MostStalls = 6;

    public const int MostInterruptions = 30;

    public static bool AreExceeded(Response response, int stalls) => stalls > MostStalls || response.Interruptions > MostInterruptions;
}

/// <summary>What a failure is called in the response object.</summary>
internal static class RunFailure
{
    public static ResponseEvent.Failed Of(Exception e) => e switch
    {
        UpstreamFailed { Kind: UpstreamFailure.RateLimited } limited => new("rate_limit_exceeded", limited.Message),
        UpstreamFailed { Kind: UpstreamFailure.Rejected } rejected => new("invalid_prompt", rejected.Message),
        UpstreamFailed failed => new("server_error", failed.Message),
        Unavailable { Code: "vector_store_timeout" } late => new(late.Code, late.Message),
        Unavailable away => new("server_error", away.Message),
        // What a vendor's adapter finds wrong with the request.
        PlatformException wrong => new("invalid_prompt", wrong.Message),
        _ => new("server_error", "Something went wrong on our side while the response was generated."),
    };

    public static ResponseEvent.Failed TooManyInterruptions() =>
        new("server_error", "Generating this response was interrupted too often without getting any further. Send the request again.");
}
