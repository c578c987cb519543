using System.Text;

namespace AiPlatform.Infrastructure.ModelProviders.Anthropic;

/// <summary>A <c>data:</c> URL in base64, the form in which images and files travel inside a request.</summary>
internal sealed record DataUrl(string MediaType, string Base64)
{
    public static DataUrl? Parse(string? url)
    {
        if (url is null || !url.StartsWith("data:", StringComparison.OrdinalIgnoreCase)) return null;
        var comma = url.IndexOf(',', StringComparison.Ordinal);
        if (comma < 0 || comma == url.Length - 1) return null;
        var head = url["data:".Length..comma];
        if (!head.EndsWith(";base64", StringComparison.OrdinalIgnoreCase)) return null;
        var mediaType = head.Split(';')[0].Trim().ToLowerInvariant();
        return mediaType.Length == 0 ? null : new DataUrl(mediaType, url[(comma + 1)..]);
    }

    /// <summary>The content as UTF-8 text; null if it is no base64.</summary>
    public string? Text()
    {
        var bytes = new byte[Base64.Length];
        return Convert.TryFromBase64String(Base64, bytes, out var written) ? Encoding.UTF8.GetString(bytes, 0, written) : null;
    }
}
