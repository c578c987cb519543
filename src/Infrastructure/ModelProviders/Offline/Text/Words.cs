using System.Globalization;
using System.Text;

namespace AiPlatform.Infrastructure.ModelProviders.Offline.Text;

/// <summary>The words of a text, folded. Scripts written without spaces give overlapping pairs of characters instead.</summary>
internal static class Words
{
    public static List<string> Of(string text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var unspaced = new List<string>();
        foreach (var rune in text.EnumerateRunes())
        {
            if (IsUnspaced(rune.Value))
            {
                Flush(words, word);
                unspaced.Add(rune.ToString());
                continue;
            }

            FlushPairs(words, unspaced);
            if (IsPartOfWord(rune)) Folding.Append(word, rune);
            else Flush(words, word);
        }

        Flush(words, word);
        FlushPairs(words, unspaced);
        return words;
    }

    /// <summary>Whether the word is a pair of characters of a script without spaces.</summary>
    public static bool IsPair(string word) => Rune.GetRuneAt(word, 0) is var first && IsUnspaced(first.Value);

    private static bool IsPartOfWord(Rune rune) => Rune.IsLetterOrDigit(rune)
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark
        || rune.Value is 0x200C or 0x200D or 0xAD;

    // Han, kana, Hangul (whose particles cling to the word), Thai, Lao, Myanmar, Khmer.
    private static bool IsUnspaced(int c) => c is (>= 0x3040 and <= 0x30FF) or (>= 0x3400 and <= 0x4DBF) or (>= 0x4E00 and <= 0x9FFF) or (>= 0xAC00 and <= 0xD7AF)
        or (>= 0xF900 and <= 0xFAFF) or (>= 0x20000 and <= 0x323AF) or 0x3005 or (>= 0xE01 and <= 0xEFF and not (>= 0xE50 and <= 0xE59)) or (>= 0x1000 and <= 0x109F) or (>= 0x1780 and <= 0x17DD);

    private static void Flush(List<string> words, StringBuilder word)
    {
        if (word.Length > 0) words.Add(word.ToString());
        word.Clear();
    }

    private static void FlushPairs(List<string> words, List<string> characters)
    {
        if (characters.Count == 1) words.Add(characters[0]);
        for (var i = 0; i + 1 < characters.Count; i++) words.Add(characters[i] + characters[i + 1]);
        characters.Clear();
    }
}
