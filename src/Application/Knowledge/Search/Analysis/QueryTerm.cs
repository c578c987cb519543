namespace AiPlatform.Application.Knowledge.Search.Analysis;

/// <summary>Something a query asks for: the word as it was spelled, its stems in the languages of what is searched, where it stands, and how much it counts beside the others. A gram is some characters and no word.</summary>
internal sealed record QueryTerm(string Word, IReadOnlyList<long> Variants, int Position, double Weight, bool IsWhole, bool IsGram = false);

/// <summary>A word of a query with its forms, or a pair of characters, of no script and without forms.</summary>
internal sealed record QueryWord(string Text, Script? Script, List<string> Forms, int Position, double Weight, bool IsWhole);

internal static class QueryWords
{
    /// <summary>What a part of a name counts: who asks for JavaScript asks little for Java.</summary>
    public const double OfPart = 0.3;

    /// <summary>What all pieces of a word count together beside the word, whose stem may say it all.</summary>
    public const double OfPieces = 0.5;

    // What is asked in more words than that is a text, and its first words say what it is about.
    private const int Most = 256;

    public static List<QueryWord> Of(string query)
    {
        var (found, position) = (new List<QueryWord>(), 0);
        var words = new WordScanner(query);
        while (found.Count < Most && words.MoveNext())
        {
            var stretch = query.AsSpan(words.Current.Start, words.Current.Length);
            if (!words.Current.IsRun)
            {
                found.Add(new QueryWord(stretch.ToString(), Scripts.Of(char.ConvertToUtf32(query, words.Current.Start)), Forms.Of(stretch), position++, 1, true));
                continue;
            }

            var last = 0;
            foreach (var gram in Grams.Of(stretch))
            {
                last = gram.Offset;
                var text = stretch.Slice(gram.Start, gram.Length);
                if (Grams.WeightOf(text, gram.Weight) is > 0 and var weight) found.Add(new QueryWord(text.ToString(), null, [], position + gram.Offset, weight, gram.IsWhole));
            }

            position += last + 1;
        }

        return found;
    }
}
