using System.Text;

namespace AiPlatform.Infrastructure.Documents.Parsing;

/// <summary>Text that every database, model and page can take: no control characters, no halves of characters, one kind of line end.</summary>
internal static class TextHygiene
{
    private const char Replacement = '\uFFFD';

    /// <summary>The same string when there is nothing to clean, as is usual.</summary>
    public static string Clean(string text)
    {
        var first = FirstDirty(text);
        return first < 0 ? text : Rewrite(text, first);
    }

    /// <summary>Runs of white space become a space.</summary>
    public static string Collapse(string text)
    {
        var clean = Clean(text);
        var result = new StringBuilder(clean.Length);
        var space = false;
        foreach (var c in clean)
        {
            if (char.IsWhiteSpace(c))
            {
                space = result.Length > 0;
                continue;
            }

            if (space) result.Append(' ');
            space = false;
            result.Append(c);
        }

        return result.ToString();
    }

    private static int FirstDirty(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1])) i++;
            else if (IsDirty(c)) return i;
        }

        return -1;
    }

    private static bool IsDirty(char c) => c switch
    {
        '\n' or '\t' => false,
        < ' ' => true,
        < '\u007F' => false,
        <= '\u00A0' or '\u00AD' or '\u2028' or '\u2029' or '\uFEFF' or >= '\uFFFE' => true,
        _ => char.IsSurrogate(c),
    };

    private static string Rewrite(string text, int from)
    {
        var result = new StringBuilder(text.Length).Append(text, 0, from);
        for (var i = from; i < text.Length; i++)
        {
            var c = text[i];
            if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1])) result.Append(c).Append(text[++i]);
            else if (!IsDirty(c)) result.Append(c);
            else if (c == '\r' && i + 1 < text.Length && text[i + 1] == '\n') continue;
            else if (c is '\r' or '\v' or '\f' or '\u0085' or '\u2028' or '\u2029') result.Append('\n');
            else if (c == '\u00A0') result.Append(' ');
            else if (char.IsSurrogate(c) || c >= '\uFFFE') result.Append(Replacement);
        }

        return result.ToString();
    }
}
