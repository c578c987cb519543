using System.Text;
using AiPlatform.Infrastructure.Documents.Formats.Text;
using AiPlatform.Infrastructure.Documents.Formats.Web;
using AiPlatform.Infrastructure.Documents.Parsing;

namespace AiPlatform.Infrastructure.Documents.Formats.Mail;

/// <summary>E-mail: who wrote what to whom and when, the text, messages within it, and the names of what is attached.</summary>
internal sealed class MailReader(DocumentWriter to)
{
    private const int Deepest = 20;
    private const int MostParts = 1000;
    private static readonly string[] Shown = ["From", "To", "Cc", "Date"];

    private readonly List<string> _attachments = [];
    private int _parts;

    public static void Read(SourceFile file, DocumentWriter to)
    {
        // Attachments count for nothing, so a message may be much larger than its text.
        if (file.Length > 16L * to.Limits.MaxCharacters) throw Refuse.TooMuchText(to.Limits.MaxCharacters);
        to.NextPage();
        var text = File.ReadAllText(file.Path, Encoding.Latin1);
        var message = MimePart.Parse(text.StartsWith("From ", StringComparison.Ordinal) ? text[(text.IndexOf('\n') + 1)..] : text);
        if (message.Header("From") is null && message.Header("Subject") is null && message.Header("Content-Type") is null && message.Header("MIME-Version") is null) throw Refuse.Damaged("e-mail");
        new MailReader(to).Message(message, 0);
    }

    private void Message(MimePart message, int depth)
    {
        var subject = MimeWords.Decode(message.Header("Subject"));
        to.SetTitle(subject);
        to.Heading(depth == 0 ? 1 : 2, subject ?? "");
        to.Paragraph(string.Join('\n', Shown.Where(name => message.Header(name) is not null).Select(name => $"{name}: {MimeWords.Decode(message.Header(name))}")));
        Part(message, depth);
        if (_attachments.Count > 0) to.Note("Attachments: " + string.Join(", ", _attachments));
        _attachments.Clear();
    }

    private void Part(MimePart part, int depth)
    {
        if (depth > Deepest) throw Refuse.TooDeep("e-mail", Deepest);
        if (++_parts > MostParts) throw Refuse.TooLarge("e-mail", $"has more than {MostParts} parts");
        var type = part.ContentType;
        if (type == "multipart/alternative") Alternative(part, depth);
        else if (type.StartsWith("multipart/", StringComparison.Ordinal)) foreach (var child in part.Parts()) Part(child, depth + 1);
        else if (part.Disposition == "attachment" || !type.StartsWith("text/", StringComparison.Ordinal) && type != "message/rfc822") Attachment(part);
        else if (type == "message/rfc822") Message(MimePart.Parse(Encoding.Latin1.GetString(part.Content())), depth + 1);
        else if (type == "text/html") HtmlText.Write(part.Text(), to);
        else foreach (var paragraph in Paragraphs.Of(part.Text())) to.Paragraph(paragraph);
    }

    /// <summary>The same text several times: HTML has its tables and headings.</summary>
    private void Alternative(MimePart part, int depth)
    {
        var choices = part.Parts().Take(MostParts).ToList();
        var best = choices.Find(choice => choice.ContentType == "text/html")
            ?? choices.Find(choice => choice.ContentType.StartsWith("multipart/", StringComparison.Ordinal))
            ?? choices.FirstOrDefault();
        if (best is not null) Part(best, depth + 1);
    }

    private void Attachment(MimePart part)
    {
        if (part.Filename is { Length: > 0 } name) _attachments.Add(name);
    }
}
