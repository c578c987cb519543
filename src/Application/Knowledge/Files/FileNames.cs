using AiPlatform.Domain.Knowledge;

namespace AiPlatform.Application.Knowledge.Files;

/// <summary>Names of files as they are kept: a name and nothing else. What we store never depends on them.</summary>
internal static class FileNames
{
    private const string Nameless = "file";
    private const int ExtensionMaxLength = 20;

    /// <summary>Without folders, without what nobody sees, and not longer than we keep; the extension stays.</summary>
    public static string Clean(string name)
    {
        var last = name[(name.LastIndexOfAny(['/', '\\']) + 1)..];
        var clean = string.Concat(last.Where(c => !char.IsControl(c) && !TurnsText(c))).Trim();
        return clean.Trim('.').Length == 0 ? Nameless : Shorten(clean);
    }

    // Signs that turn the direction of text make one name look like another (cod.exe as exe.doc).
    private static bool TurnsText(char c) => c is '\u200E' or '\u200F' or '\u061C' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');

    private static string Shorten(string name)
    {
        if (name.Length <= StoredFile.FilenameMaxLength) return name;
        var extension = Path.GetExtension(name) is { Length: <= ExtensionMaxLength } kept ? kept : "";
        var stem = StoredFile.FilenameMaxLength - extension.Length;
        // Not in the middle of a character.
        if (char.IsHighSurrogate(name[stem - 1])) stem--;
        return name[..stem] + extension;
    }
}
