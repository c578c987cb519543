namespace AiPlatform.Application.Knowledge.Search.Analysis;

/// <summary>Which language the words of a text are of, script by script: the one whose small words it has most of. One that is repeated does not count each time: it may be a name, as Los Angeles.</summary>
internal sealed class LanguageGuess
{
    // A letter that few languages have says less than a word.
    private const double OfLetter = 0.25;

    private readonly Dictionary<Language, double> _evidence = [];

    public void See(Script script, string word, int times = 1)
    {
        foreach (var language in Languages.Of(script))
        {
            var found = language.StopWords.Contains(word) ? 1 : word.AsSpan().ContainsAny(language.Letters) ? OfLetter : 0;
            if (found > 0) _evidence[language] = _evidence.GetValueOrDefault(language) + (found * Math.Log2(1 + times));
        }
    }

    /// <summary>Whether anything speaks for it.</summary>
    public bool Sees(Language language) => _evidence.ContainsKey(language);

    /// <summary>The first of these where nothing speaks for another.</summary>
    public Language Of(IReadOnlyList<Language> languages)
    {
        var best = languages[0];
        foreach (var language in languages)
        {
            if (_evidence.GetValueOrDefault(language) > _evidence.GetValueOrDefault(best)) best = language;
        }

        return best;
    }
}
