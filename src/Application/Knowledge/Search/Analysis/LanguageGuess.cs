namespace AiPlatform.Application.Knowledge.Search.Analysis;

/// <summary>Which language a document's words of each script are of: the one whose small words they have most.</summary>
internal sealed class LanguageGuess
{
    // A letter that few languages have says less than a word.
    private const double OfLetter = 0.25;

    private readonly Dictionary<Script, Dictionary<Language, double>> _evidence = [];

    public void See(Script script, string word, int times)
    {
        var languages = Languages.Of(script);
        if (!_evidence.TryGetValue(script, out var evidence)) _evidence[script] = evidence = [];
        foreach (var language in languages)
        {
            var found = language.StopWords.Contains(word) ? 1 : word.AsSpan().ContainsAny(language.Letters) ? OfLetter : 0;
            if (found > 0) evidence[language] = evidence.GetValueOrDefault(language) + (found * times);
        }
    }

    /// <summary>The first of the script where nothing speaks for another.</summary>
    public Language Of(Script script)
    {
        var best = Languages.Of(script)[0];
        if (!_evidence.TryGetValue(script, out var evidence)) return best;
        var most = evidence.GetValueOrDefault(best);
        foreach (var language in Languages.Of(script))
        {
            if (evidence.GetValueOrDefault(language) is var found && found > most) (best, most) = (language, found);
        }

        return best;
    }
}
