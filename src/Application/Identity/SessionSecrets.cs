using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace AiPlatform.Application.Identity;

/// <summary>
/// What is derived from a session's secret. The CSRF token is a hash of it: another site can make a browser send the cookie, but can neither read the
/// cookie nor compute the token, and no instance has to remember anything.
/// </summary>
public static class SessionSecrets
{
    public const string Prefix = "sess-";
    public const string LinkPrefix = "link-";

    public static string CsrfTokenOf(string secret) => Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes("csrf:" + secret)));

    public static bool IsCsrfToken(string secret, string? token) =>
        token is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(CsrfTokenOf(secret)), Encoding.UTF8.GetBytes(token));
}
