using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace AiPlatform.Infrastructure.Documents.Formats.Mail;

/// <summary>How mail wraps bytes in ASCII (RFC 2045, 2047, 2231).</summary>
internal static partial class MimeWords
{
    public static string? Decode(string? header)
    {
        if (header is null) return null;
        // White space between two encoded words is not part of the text.
        var joined = Between().Replace(header, "?==?");
        var decoded = Word().Replace(joined, match =>
        {
            var bytes = match.Groups["how"].Value is "B" or "b" ? Base64(match.Groups["text"].Value) : QuotedPrintable(match.Groups["text"].Value, underscoreIsSpace: true);
            return TextEncodings.Named(match.Groups["charset"].Value.Split('*')[0]).GetString(bytes);
        });
        if (decoded != header || !header.Any(c => c > 127)) return decoded;
        // Raw bytes, which newer mail has: UTF-8.
        var raw = Encoding.Latin1.GetBytes(header);
        return (TextEncodings.Certain(raw) ?? Encoding.Latin1).GetString(raw);
    }

    /// <summary><c>utf-8'en'na%C3%AFve</c></summary>
    public static string DecodeExtended(string value)
    {
        var parts = value.Split('\'', 3);
        return parts.Length == 3 ? TextEncodings.Named(parts[0]).GetString(Unescape(parts[2], '%', underscoreIsSpace: false)) : value;
    }

    /// <summary>As much as there is: what is broken off still has its beginning.</summary>
    public static byte[] Base64(string text)
    {
        var letters = new StringBuilder(text.Length);
        foreach (var c in text)
            if (char.IsAsciiLetterOrDigit(c) || c is '+' or '/') letters.Append(c);
        letters.Length -= letters.Length % 4 == 1 ? 1 : 0;
        letters.Append('=', (4 - letters.Length % 4) % 4);
        return Convert.FromBase64String(letters.ToString());
    }

    public static byte[] QuotedPrintable(string text, bool underscoreIsSpace) => Unescape(SoftBreak().Replace(text, ""), '=', underscoreIsSpace);

    private static byte[] Unescape(string text, char escape, bool underscoreIsSpace)
    {
        var bytes = new byte[text.Length];
        var length = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == escape && i + 2 < text.Length && byte.TryParse(text.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
            {
                bytes[length++] = value;
                i += 2;
            }
            else
            {
                bytes[length++] = underscoreIsSpace && text[i] == '_' ? (byte)' ' : (byte)text[i];
            }
        }

        return bytes[..length];
    }

    [GeneratedRegex(@"=\?(?<charset>[^?\s]{1,60})\?(?<how>[BbQq])\?(?<text>[^?]*)\?=", RegexOptions.NonBacktracking)]
    private static partial Regex Word();

    [GeneratedRegex(@"\?=\s+=\?", RegexOptions.NonBacktracking)]
    private static partial Regex Between();

    [GeneratedRegex(@"=[ \t]*\r?\n", RegexOptions.NonBacktracking)]
    private static partial Regex SoftBreak();
}
