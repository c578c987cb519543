using System.Text;
using System.Text.Unicode;
using AiPlatform.Infrastructure.Documents.Parsing;

namespace AiPlatform.Infrastructure.Documents.Formats;

/// <summary>Finds out how a text is written: by its mark, as strict UTF-8, as UTF-16 without a mark, and at last by <c>uchardet</c>.</summary>
internal static class TextEncodings
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    static TextEncodings() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <summary>Whether these first bytes can be text of any encoding: no binary format does without low control bytes.</summary>
    public static bool LooksLikeText(ReadOnlySpan<byte> head)
    {
        if (MarkOf(head) is not null || Utf16WithoutMark(head) is not null) return true;
        var odd = 0;
        foreach (var b in head)
        {
            if (b == 0) return false;
            if (b < 0x20 && b is not ((byte)'\t' or (byte)'\n' or (byte)'\r' or (byte)'\f' or (byte)'\v' or 0x1B or 0x08)) odd++;
        }

        return odd * 20 <= head.Length;
    }

    /// <summary>Null when only a guess would help.</summary>
    public static Encoding? Certain(ReadOnlySpan<byte> content) =>
        MarkOf(content) ?? Utf16WithoutMark(content) ?? (Utf8.IsValid(content) ? StrictUtf8 : null);

    public static Encoding Named(string? name)
    {
        try
        {
            return name is null or "" ? Western : Encoding.GetEncoding(name.Trim().Trim('"', '\'') switch { "UHC" => "ks_c_5601-1987", "MAC-CYRILLIC" => "x-mac-cyrillic", "MAC-CENTRALEUROPE" => "x-mac-ce", var other => other });
        }
        catch (ArgumentException)
        {
            return Western;
        }
    }

    /// <summary>The text of a whole file, without its mark.</summary>
    public static string Decode(SourceFile file, DocumentWriter to)
    {
        // No encoding has more than four bytes to a character; markup is text, too.
        if (file.Length > 4L * to.Limits.MaxCharacters + (16 << 20)) throw Refuse.TooMuchText(to.Limits.MaxCharacters);
        var content = File.ReadAllBytes(file.Path);
        var encoding = Certain(content) ?? Named(Guess(file));
        var text = encoding.GetString(content);
        return text.Length > 0 && text[0] == '\uFEFF' ? text[1..] : text;
    }

    /// <summary>For a reader that goes through the file by itself.</summary>
    public static Encoding Of(SourceFile file)
    {
        if ((MarkOf(file.Head) ?? Utf16WithoutMark(file.Head)) is { } known) return known;
        return IsUtf8(file) ? StrictUtf8 : Named(Guess(file));
    }

    private static Encoding Western => Encoding.GetEncoding(1252);

    private static string Guess(SourceFile file) => Tool.Text("uchardet", "uchardet", [file.Path]).Trim() is var name && name is "unknown" or "ASCII" ? "" : name;

    private static Encoding? MarkOf(ReadOnlySpan<byte> content) => content switch
    {
        [0xEF, 0xBB, 0xBF, ..] => Encoding.UTF8,
        [0xFF, 0xFE, 0x00, 0x00, ..] => Encoding.UTF32,
        [0x00, 0x00, 0xFE, 0xFF, ..] => new UTF32Encoding(bigEndian: true, byteOrderMark: true),
        [0xFF, 0xFE, ..] => Encoding.Unicode,
        [0xFE, 0xFF, ..] => Encoding.BigEndianUnicode,
        _ => null,
    };

    /// <summary>Zeros in every second place are how Latin letters, spaces and line ends look in UTF-16.</summary>
    private static Encoding? Utf16WithoutMark(ReadOnlySpan<byte> content)
    {
        var sample = content[..(Math.Min(content.Length, MagicBytes.Length) & ~1)];
        if (sample.Length < 8) return null;
        int even = 0, odd = 0, controls = 0;
        for (var i = 0; i < sample.Length; i += 2)
        {
            if (sample[i] == 0) even++;
            if (sample[i + 1] == 0) odd++;
            var (low, high) = even > odd ? (sample[i + 1], sample[i]) : (sample[i], sample[i + 1]);
            if (high == 0 && low < 0x20 && low is not ((byte)'\t' or (byte)'\n' or (byte)'\r')) controls++;
        }

        var pairs = sample.Length / 2;
        if (controls * 50 > pairs) return null;
        if (odd * 8 > pairs && even * 50 < pairs) return Encoding.Unicode;
        return even * 8 > pairs && odd * 50 < pairs ? Encoding.BigEndianUnicode : null;
    }

    private static bool IsUtf8(SourceFile file)
    {
        using var reader = new StreamReader(file.Path, StrictUtf8, detectEncodingFromByteOrderMarks: false, 1 << 16);
        var buffer = new char[1 << 15];
        try
        {
            while (reader.Read(buffer) > 0)
            {
            }

            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }
}
