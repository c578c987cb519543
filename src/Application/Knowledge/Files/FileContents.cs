using System.Buffers.Binary;
using AiPlatform.Domain.Common;

namespace AiPlatform.Application.Knowledge.Files;

/// <summary>
/// What the first bytes of a file say it is. Refused is only what cannot be meant: a program under the name of a document, and what its purpose could
/// never use. Everything else is for whoever reads the file to judge.
/// </summary>
internal static class FileContents
{
    /// <summary>How many bytes are looked at.</summary>
    public const int HeadLength = 4096;

    private static readonly HashSet<string> Documents = new(StringComparer.OrdinalIgnoreCase)
    {
        ".pdf", ".doc", ".docx", ".ppt", ".pptx", ".xls", ".xlsx", ".odt", ".ods", ".odp", ".rtf", ".epub", ".txt", ".md", ".csv", ".tsv", ".html", ".htm", ".xml",
        ".json", ".jsonl", ".eml", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".tif", ".tiff", ".bmp",
    };

    /// <exception cref="InvalidRequest">The content is not what its name or its purpose says.</exception>
    public static void Require(ReadOnlySpan<byte> head, string filename, string purpose)
    {
        if (ProgramIn(head) is { } program && (purpose is FilePurposes.Assistants or FilePurposes.Vision || Documents.Contains(Path.GetExtension(filename))))
            throw Refuse($"'{filename}' is a program ({program}), not a document. Send the document itself.");
        if (purpose is FilePurposes.Vision && !IsImage(head)) throw Refuse($"'{filename}' is no image. Files for 'vision' are PNG, JPEG, GIF or WebP.");
        if (FilePurposes.IsJsonLines(purpose) && FirstSign(head) != '{')
            throw Refuse($"Files for '{purpose}' are JSON Lines: a JSON object on each line. '{filename}' does not begin with one.");
    }

    private static string? ProgramIn(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith("\u007fELF"u8)) return "ELF, Linux";
        if (IsWindowsProgram(head)) return "PE, Windows";
        if (head.Length < 4) return null;
        return BinaryPrimitives.ReadUInt32BigEndian(head) switch
        {
            0xFEEDFACE or 0xFEEDFACF or 0xCEFAEDFE or 0xCFFAEDFE => "Mach-O, macOS",
            0xCAFEBABE => "Mach-O or Java class",
            0x0061736D => "WebAssembly",
            _ => null,
        };
    }

    // Text may begin with MZ as well: the header's pointer must lead to another one.
    private static bool IsWindowsProgram(ReadOnlySpan<byte> head)
    {
        if (!head.StartsWith("MZ"u8) || head.Length < 64) return false;
        var at = BinaryPrimitives.ReadInt32LittleEndian(head[60..]);
        return at > 0 && at <= head.Length - 4 && head[at..].StartsWith("PE\0\0"u8);
    }

    private static bool IsImage(ReadOnlySpan<byte> head) =>
        head.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G']) || head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]) || head.StartsWith("GIF8"u8)
        || (head.Length >= 12 && head.StartsWith("RIFF"u8) && head[8..].StartsWith("WEBP"u8));

    private static char FirstSign(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF])) head = head[3..];
        head = head.TrimStart(" \t\r\n"u8);
        return head.IsEmpty ? '\0' : (char)head[0];
    }

    private static InvalidRequest Refuse(string message) => new("invalid_file", message, "file");
}
