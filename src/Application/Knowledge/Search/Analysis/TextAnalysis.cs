namespace AiPlatform.Application.Knowledge.Search.Analysis;

/// <summary>Makes terms of texts: words are stemmed as their language has it, and scripts without spaces cut into pairs of characters.</summary>
public sealed class TextAnalysis(IWordStems stems)
{
    /// <summary>
    /// Raised when the same text gives other terms: what was indexed by an older version is then indexed again, unless it is found as well as before. 2 added the pieces of words, so files of 1
    /// are found by whole words.
    /// </summary>
    public const int Version = 2;

    // A word of a language without a stemmer that changes its endings is known by its beginning.
    private const int StemLength = 6;

    /// <summary>Learns the words of a document, so that its chunks can be analysed one by one without waiting for anything.</summary>
    internal async Task<DocumentWords> LearnAsync(IEnumerable<string> texts, CancellationToken cancellationToken)
    {
        var seen = new Dictionary<string, int>();
        foreach (var text in texts)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Count(text, seen);
        }

        var (guess, words) = (new LanguageGuess(), new List<(string Surface, Script Script, List<string> Forms)>(seen.Count));
        foreach (var (surface, times) in seen)
        {
            var word = (surface, Scripts.Of(char.ConvertToUtf32(surface, 0)), Forms.Of(surface));
            words.Add(word);
            guess.See(word.Item2, word.Item3[0], times);
        }

        var (terms, languages) = (new Dictionary<string, long[]>(seen.Count), new SortedSet<string>(StringComparer.Ordinal));
        foreach (var script in words.GroupBy(word => word.Script))
        {
            var language = guess.Of(Languages.Of(script.Key));
            languages.Add(language.Code);
            var stemmed = await StemAsync(language, script.SelectMany(word => word.Forms), cancellationToken);
            foreach (var (surface, _, forms) in script)
            {
                var stems = forms.Where(form => !language.StopWords.Contains(form)).Select(form => stemmed[form]).ToList();
                var pieces = language.IsPieced ? stems.SelectMany(stem => Pieces.ToIndex(stem.Letters)) : [];
                terms[surface] = [.. stems.Select(stem => stem.Term).Concat(pieces).Distinct()];
            }
        }

        return new DocumentWords(terms, [.. languages]);
    }

    /// <summary>The terms of a query, each with its variants in the languages of what is searched. What says nothing in the query's own language is left out.</summary>
    internal async Task<IReadOnlyList<QueryTerm>> AskAsync(string query, IReadOnlyCollection<string> languages, CancellationToken cancellationToken)
    {
        var terms = new List<QueryTerm>();
        var words = QueryWords.Of(query);
        foreach (var script in words.GroupBy(word => word.Script))
        {
            if (script.Key is null) terms.AddRange(script.Select(gram => new QueryTerm(gram.Text, [Term.Of(gram.Text)], gram.Position, gram.Weight, gram.IsWhole, IsGram: true)));
            else terms.AddRange(await AskAsync([.. script], Spoken(script.Key.Value, languages), script.Count() * 2 >= words.Count, cancellationToken));
        }

        terms.Sort((a, b) => a.Position.CompareTo(b.Position));
        return terms;
    }

    private async Task<IEnumerable<QueryTerm>> AskAsync(List<QueryWord> words, List<Language> languages, bool areMost, CancellationToken cancellationToken)
    {
        var guess = new LanguageGuess();
        foreach (var word in words) guess.See(word.Script!.Value, word.Forms[0]);
        var own = guess.Of(languages);
        var stemmed = new List<(Language Language, Dictionary<string, Stem> Stems)>();
        foreach (var language in languages) stemmed.Add((language, await StemAsync(language, words.SelectMany(word => word.Forms), cancellationToken)));
        // Who asks in a language without pieces does not mean words of another that look a little like it, and words in other letters than the rest are names.
        var pieced = areMost && (own.IsPieced || !guess.Sees(own)) ? stemmed.Where(language => language.Language.IsPieced).ToList() : [];
        return
            from word in words
            from form in word.Forms
            where !own.StopWords.Contains(form)
            let isWhole = ReferenceEquals(form, word.Forms[0])
            let variants = stemmed.Where(language => !language.Language.StopWords.Contains(form)).Select(language => language.Stems[form].Term).Distinct().ToArray()
            from term in PiecesOf(form, word, isWhole ? pieced : []).Prepend(new QueryTerm(form, variants, word.Position, isWhole ? 1 : QueryWords.OfPart, isWhole))
            select term;
    }

    private static IEnumerable<QueryTerm> PiecesOf(string form, QueryWord word, List<(Language Language, Dictionary<string, Stem> Stems)> languages)
    {
        var pieces = languages.Where(language => !language.Language.StopWords.Contains(form)).SelectMany(language => Pieces.ToAsk(language.Stems[form].Letters)).Distinct().ToList();
        return pieces.Select(piece => new QueryTerm(form, [piece], word.Position, QueryWords.OfPieces / pieces.Count, IsWhole: false, IsGram: true));
    }

    private static List<Language> Spoken(Script script, IReadOnlyCollection<string> languages)
    {
        var spoken = Languages.Of(script).Where(language => languages.Contains(language.Code)).ToList();
        return spoken.Count > 0 ? spoken : [.. Languages.Of(script).Take(1)];
    }

    private static void Count(string text, Dictionary<string, int> seen)
    {
        var known = seen.GetAlternateLookup<ReadOnlySpan<char>>();
        var words = new WordScanner(text);
        while (words.MoveNext())
        {
            if (words.Current.IsRun) continue;
            var word = text.AsSpan(words.Current.Start, words.Current.Length);
            System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(known, word, out _)++;
        }
    }

    private async Task<Dictionary<string, Stem>> StemAsync(Language language, IEnumerable<string> forms, CancellationToken cancellationToken)
    {
        var terms = new Dictionary<string, Stem>();
        var unknown = new List<string>();
        foreach (var form in forms.Distinct())
        {
            // What has digits is a number or a name.
            if (form.AsSpan().ContainsAnyInRange('0', '9')) terms[form] = new Stem(form, Term.Of(form));
            else unknown.Add(form);
        }

        if (unknown.Count == 0) return terms;
        foreach (var (form, stem) in await stems.OfAsync(language.Stemmer, unknown, cancellationToken))
        {
            var plain = Spelling.WithoutAccents(stem);
            terms[form] = new Stem(plain, Term.Of(language is { Stemmer: null, Inflects: true } && plain.Length > StemLength ? plain.AsSpan(0, StemLength) : plain));
        }

        return terms;
    }

    /// <summary>A stem without accents, and the term of the word.</summary>
    private readonly record struct Stem(string Letters, long Term);
}
