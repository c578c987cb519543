namespace AiPlatform.Application.Knowledge.Search.Analysis;

/// <summary>
/// Some letters of a word each, from its beginning on. By them words are found that are written in one with others (Netzwerkkonfiguration) or with what belongs to them (Hebrew, Bengali), and
/// those that no stemmer knows.
/// </summary>
internal static class Pieces
{
    private const int Length = 4;

    // Where vowels are not written, words are shorter.
    private const int LengthOfConsonants = 3;

    // In front of the first letter, and of each piece, so that none is taken for a word.
    private const char Beginning = '_';
    private const char Mark = '~';

    /// <summary>The terms of every other piece: what has a word in common with another has enough of them.</summary>
    public static IEnumerable<long> ToIndex(string word) => Of(word, 2);

    /// <summary>The terms of all pieces.</summary>
    public static IEnumerable<long> ToAsk(string word) => Of(word, 1);

    private static IEnumerable<long> Of(string word, int step)
    {
        var length = word.Length > 0 && Scripts.Of(word[0]) is Script.Hebrew or Script.Arabic ? LengthOfConsonants : Length;
        if (word.Length < length || word.AsSpan().ContainsAnyInRange('0', '9')) yield break;
        var letters = $"{Mark}{Beginning}{word}".ToCharArray();
        for (var i = 0; i + 1 + length <= letters.Length; i += step)
        {
            letters[i] = Mark;
            yield return Term.Of(letters.AsSpan(i, 1 + length));
        }
    }
}
