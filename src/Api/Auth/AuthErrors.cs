using AiPlatform.Domain.Common;

namespace AiPlatform.Api.Auth;

/// <summary>How a caller is refused, at the door or later.</summary>
internal static class AuthErrors
{
    public static Unauthenticated UnknownKey() => new("invalid_api_key", "The API key is wrong, revoked or expired. An admin can make a new one in the web app.");

    public static Unauthenticated NoCredential() => new("missing_credentials", "You did not send an API key. Put it into the header: Authorization: Bearer sk-...");

    public static Unauthenticated SessionOver() => new("session_over", "You are signed out. Sign in again.");

    public static Denied MissingScope() => new("insufficient_scope", "Your API key or role does not allow this request.");
}
