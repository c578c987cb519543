using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace AiPlatform.Domain.Identity;

/// <summary>
/// A random secret that is shown once and kept only as its SHA-256. Plain SHA-256 is enough because the secret has 256 random bits: there is
/// nothing to guess, so a slow or keyed hash would add nothing.
/// </summary>
public static class Secret
{
    public static string New(string prefix) => prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    public static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}
