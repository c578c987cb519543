namespace AiPlatform.Application.Knowledge.Extraction;

/// <summary>Replaces, unit by unit so that no position changes, what the database refuses: NUL, and halves of surrogate pairs.</summary>
internal static class CleanText
{
    private const char Replacement = '\uFFFD';

    public static ExtractedText Of(ExtractedText text)
    {
        var title = text.Title is null ? null : Of(text.Title);
        if (ReferenceEquals(title, text.Title) && text.Pages.All(IsClean)) return text;
        return new ExtractedText(text.Format, title, [.. text.Pages.Select(Of)]);
    }

    public static string Of(string text)
    {
        var first = FirstUnclean(text, 0);
        if (first < 0) return text;
        var clean = text.ToCharArray();
        for (; first >= 0; first = FirstUnclean(text, first + 1)) clean[first] = Replacement;
        return new string(clean);
    }

    private static ExtractedPage Of(ExtractedPage page) => IsClean(page)
        ? page
        : page with { Label = page.Label is null ? null : Of(page.Label), Blocks = [.. page.Blocks.Select(block => block with { Text = Of(block.Text) })] };

    private static bool IsClean(ExtractedPage page) => (page.Label is null || FirstUnclean(page.Label, 0) < 0) && page.Blocks.All(block => FirstUnclean(block.Text, 0) < 0);

    private static int FirstUnclean(string text, int from)
    {
        for (var i = from; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '\0') return i;
            if (!char.IsSurrogate(c)) continue;
            if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1])) i++;
            else return i;
        }

        return -1;
    }
}
