namespace AiPlatform.Application.Knowledge.Search.Analysis;

/// <summary>How words of a language are stemmed, and which of them say nothing. These words also tell languages apart.</summary>
internal sealed record Language
{
    public Language(string code, Script script, string? stemmer, string stopWords, string letters = "", bool inflects = false, bool joins = false)
    {
        (Code, Script, Stemmer, Letters, Inflects, IsPieced) = (code, script, stemmer, letters, inflects, joins || stemmer is null);
        StopWords = stopWords.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(word => Spelling.Of(word)).ToHashSet();
    }

    /// <summary>As the index keeps it: two or three letters, of ISO 639.</summary>
    public string Code { get; }

    public Script Script { get; }

    /// <summary>PostgreSQL's dictionary; null where it has none.</summary>
    public string? Stemmer { get; }

    /// <summary>Those that few other languages of the script have.</summary>
    public string Letters { get; }

    /// <summary>Whether its words change their endings so much that their beginnings are better known than they are. Asked only where there is no stemmer.</summary>
    public bool Inflects { get; }

    /// <summary>Whether its words are also found by their pieces: they are often written in one with others, or there is no stemmer.</summary>
    public bool IsPieced { get; }

    public HashSet<string> StopWords { get; }
}
