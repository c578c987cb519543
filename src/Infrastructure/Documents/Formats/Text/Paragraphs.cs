namespace AiPlatform.Infrastructure.Documents.Formats.Text;

internal static class Paragraphs
{
    /// <summary>Stretches of lines between empty ones, whatever the line ends are.</summary>
    public static IEnumerable<string> Of(string text)
    {
        int start = -1, end = 0;
        for (var at = 0; at < text.Length;)
        {
            var lineEnd = text.AsSpan(at).IndexOfAny('\r', '\n') is var found and >= 0 ? at + found : text.Length;
            if (!text.AsSpan(at, lineEnd - at).IsWhiteSpace())
            {
                if (start < 0) start = at;
                end = lineEnd;
            }
            else if (start >= 0)
            {
                yield return text[start..end];
                start = -1;
            }

            at = lineEnd + (lineEnd + 1 < text.Length && text[lineEnd] == '\r' && text[lineEnd + 1] == '\n' ? 2 : 1);
        }

        if (start >= 0) yield return text[start..end];
    }
}
