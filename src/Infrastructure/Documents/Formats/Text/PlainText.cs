using AiPlatform.Infrastructure.Documents.Parsing;

namespace AiPlatform.Infrastructure.Documents.Formats.Text;

/// <summary>Paragraphs between empty lines; a form feed begins a page.</summary>
internal static class PlainText
{
    public static void Write(string text, DocumentWriter to)
    {
        foreach (var page in text.Split('\f'))
        {
            to.NextPage();
            foreach (var paragraph in Paragraphs.Of(page)) to.Paragraph(paragraph);
        }
    }

    /// <summary>Source code in pieces, which begin where a line without indent follows an empty one.</summary>
    public static void WriteCode(string text, DocumentWriter to)
    {
        to.NextPage();
        var piece = new List<string>();
        foreach (var paragraph in Paragraphs.Of(text))
        {
            if (piece.Count > 0 && paragraph.Length > 0 && !char.IsWhiteSpace(paragraph[0]) && paragraph[0] is not ('}' or ')' or ']'))
            {
                to.Code(string.Join("\n\n", piece));
                piece.Clear();
            }

            piece.Add(paragraph);
        }

        to.Code(string.Join("\n\n", piece));
    }
}
