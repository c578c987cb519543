namespace AiPlatform.Application.Knowledge.Search.Analysis;

/// <summary>As what a word can be looked for: by itself, and a name like <c>maxRetries</c> or <c>10GB</c> also by its parts.</summary>
internal static class Forms
{
    /// <summary>The word itself first, spelled uniformly.</summary>
    public static List<string> Of(ReadOnlySpan<char> word)
    {
        var forms = new List<string>(1) { Spelling.Of(word) };
        if (!IsMixed(word)) return forms;
        var start = 0;
        for (var i = 1; i <= word.Length; i++)
        {
            if (i < word.Length && !IsBorder(word, i)) continue;
            if ((i - start > 1 || char.IsDigit(word[start])) && i - start < word.Length && Spelling.Of(word[start..i]) is var part && !forms.Contains(part)) forms.Add(part);
            start = i;
        }

        return forms;
    }

    private static bool IsMixed(ReadOnlySpan<char> word)
    {
        for (var i = 1; i < word.Length; i++)
            if (IsBorder(word, i)) return true;
        return false;
    }

    private static bool IsBorder(ReadOnlySpan<char> word, int at)
    {
        var (before, here) = (word[at - 1], word[at]);
        if (char.IsLetter(before)) return char.IsDigit(here) || (char.IsLower(before) && char.IsUpper(here)) || EndsCapitals(word, at);
        return char.IsDigit(before) && char.IsLetter(here);
    }

    // Before "Server" in HTTPServer, but not before "Is" in APIs.
    private static bool EndsCapitals(ReadOnlySpan<char> word, int at) =>
        at + 2 < word.Length && char.IsUpper(word[at - 1]) && char.IsUpper(word[at]) && char.IsLower(word[at + 1]) && char.IsLower(word[at + 2]);
}
