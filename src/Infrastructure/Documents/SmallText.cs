using System.Text;
using System.Text.Unicode;
using AiPlatform.Application.Knowledge.Extraction;
using AiPlatform.Infrastructure.Documents.Child;
using AiPlatform.Infrastructure.Documents.Formats;
using AiPlatform.Infrastructure.Documents.Formats.Text;
using AiPlatform.Infrastructure.Documents.Parsing;

namespace AiPlatform.Infrastructure.Documents;

/// <summary>Plain text and source code in UTF-8, small and whole: decoded in place, which costs less than a hundredth of a process.</summary>
internal static class SmallText
{
    public const int MostBytes = 256 * 1024;

    /// <summary>Null when it is anything else.</summary>
    public static ExtractedText? Read(ReadOnlySpan<byte> content, string filename, ParseLimits limits)
    {
        var format = KnownExtensions.Promised(filename);
        if (content.Length > MostBytes || format is not (DocumentFormat.Txt or DocumentFormat.Code)) return null;
        var head = content[..Math.Min(content.Length, MagicBytes.Length)];
        if (MagicBytes.Format(head) is not null || MagicBytes.IsZip(head) || MagicBytes.IsCompoundFile(head) || MagicBytes.ForeignName(head) is not null) return null;
        // UTF-16 has its zeros also where it is valid UTF-8.
        if (content.Contains((byte)0) || !TextEncodings.LooksLikeText(head) || !Utf8.IsValid(content)) return null;

        var pages = new PageList();
        var writer = new DocumentWriter(limits, pages.Add);
        var text = Encoding.UTF8.GetString(content);
        if (format is DocumentFormat.Code) PlainText.WriteCode(text, writer);
        else PlainText.Write(text, writer);
        writer.Complete();
        if (writer.Characters == 0) throw Refuse.NoText("file");
        return new ExtractedText(format is DocumentFormat.Code ? "code" : "txt", writer.Title, pages.Pages);
    }
}
