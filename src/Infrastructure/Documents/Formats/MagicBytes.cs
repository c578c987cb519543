using System.Text;

namespace AiPlatform.Infrastructure.Documents.Formats;

/// <summary>What the first bytes of a file say that it is. Formats of text have none.</summary>
internal static class MagicBytes
{
    /// <summary>So many bytes are looked at.</summary>
    public const int Length = 4096;

    private static readonly (byte[] Start, DocumentFormat Format)[] Readable =
    [
        ([0x89, .. "PNG\r\n\x1A\n"u8], DocumentFormat.Png),
        ([0xFF, 0xD8, 0xFF], DocumentFormat.Jpeg),
        ([.. "GIF87a"u8], DocumentFormat.Gif),
        ([.. "GIF89a"u8], DocumentFormat.Gif),
        ([.. "II*\0"u8], DocumentFormat.Tiff),
        ([.. "MM\0*"u8], DocumentFormat.Tiff),
        ([.. "{\\rtf"u8], DocumentFormat.Rtf),
    ];

    private static readonly (byte[] Start, string Name)[] Foreign =
    [
        ([0x7F, .. "ELF"u8], "a program for Linux (ELF)"),
        ([0xCF, 0xFA, 0xED, 0xFE], "a program for macOS (Mach-O)"),
        ([0xCA, 0xFE, 0xBA, 0xBE], "a compiled program (Java class or Mach-O)"),
        ([.. "\0asm"u8], "a compiled program (WebAssembly)"),
        ([0x1F, 0x8B, 0x08], "an archive (gzip)"),
        ([.. "BZh"u8], "an archive (bzip2)"),
        ([0xFD, .. "7zXZ\0"u8], "an archive (xz)"),
        ([.. "7z"u8, 0xBC, 0xAF, 0x27, 0x1C], "an archive (7-Zip)"),
        ([.. "Rar!\x1A\x07"u8], "an archive (RAR)"),
        ([0x28, 0xB5, 0x2F, 0xFD], "an archive (Zstandard)"),
        ([.. "SQLite format 3\0"u8], "a database (SQLite)"),
        ([.. "PAR1"u8], "a table in the Parquet format"),
        ([.. "%!PS"u8], "a PostScript file"),
        ([.. "OggS"u8], "a sound or film (Ogg)"),
        ([.. "fLaC"u8], "a sound (FLAC)"),
        ([.. "ID3"u8], "a sound (MP3)"),
        ([0x1A, 0x45, 0xDF, 0xA3], "a film (Matroska)"),
        ([.. "wOFF"u8], "a font"),
        ([.. "wOF2"u8], "a font"),
        ([.. "AT&TFORM"u8], "a DjVu document"),
        ([.. "!BDN"u8], "a mailbox of Outlook (PST)"),
    ];

    public static DocumentFormat? Format(ReadOnlySpan<byte> head)
    {
        foreach (var (start, format) in Readable)
            if (head.StartsWith(start)) return format;
        // Readers accept what stands before it, and so do we.
        if (head[..Math.Min(head.Length, 1024)].IndexOf("%PDF-"u8) >= 0 && !head.StartsWith("PK"u8)) return DocumentFormat.Pdf;
        if (head.StartsWith("RIFF"u8) && head.Length >= 12 && head[8..12].SequenceEqual("WEBP"u8)) return DocumentFormat.Webp;
        // Two letters are not much: the header's length and the reserved zeros as well.
        if (head.StartsWith("BM"u8) && head.Length >= 26 && head[6..10].IndexOfAnyExcept((byte)0) < 0 && head[15..18].IndexOfAnyExcept((byte)0) < 0) return DocumentFormat.Bmp;
        return null;
    }

    /// <summary>A zip archive: many documents are.</summary>
    public static bool IsZip(ReadOnlySpan<byte> head) => head.StartsWith("PK\x03\x04"u8) || head.StartsWith("PK\x05\x06"u8) || head.StartsWith("PK\x07\x08"u8);

    /// <summary>The container of the old formats of Microsoft Office, and of the new ones when they are encrypted.</summary>
    public static bool IsCompoundFile(ReadOnlySpan<byte> head) => head.StartsWith((ReadOnlySpan<byte>)[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]);

    /// <summary>In words, of what is not read.</summary>
    public static string? ForeignName(ReadOnlySpan<byte> head)
    {
        foreach (var (start, name) in Foreign)
            if (head.StartsWith(start)) return name;
        if (head.StartsWith("MZ"u8) && head.IndexOf((byte)0) >= 0) return "a program for Windows";
        if (head.Length >= 12 && head[4..8].SequenceEqual("ftyp"u8)) return Encoding.ASCII.GetString(head[8..12]) is "heic" or "heix" or "mif1" or "avif" ? "a picture (HEIC or AVIF)" : "a film or sound (MP4)";
        if (head.StartsWith("RIFF"u8)) return "a sound or film (RIFF)";
        if (head.Length >= 2 && head[0] == 0xFF && head[1] is 0xFB or 0xF3 or 0xF2 && head.IndexOf((byte)0) >= 0) return "a sound (MP3)";
        if (head.Length > 262 && head[257..262].SequenceEqual("ustar"u8)) return "an archive (tar)";
        return null;
    }
}
