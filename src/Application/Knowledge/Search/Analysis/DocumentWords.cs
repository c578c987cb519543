namespace AiPlatform.Application.Knowledge.Search.Analysis;

/// <summary>The words of a document that are known by now, each with its terms: none for one that says nothing, several for one that has parts.</summary>
internal sealed class DocumentWords(Dictionary<string, long[]> terms, IReadOnlyList<string> languages)
{
    private readonly Dictionary<string, long[]>.AlternateLookup<ReadOnlySpan<char>> _terms = terms.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The languages its words were taken for, one for each script it has.</summary>
    public IReadOnlyList<string> Languages { get; } = languages;

    public TermSequence Read(IEnumerable<string> headings, string body)
    {
        var (ofHeadings, ofBody, position) = (new List<PlacedTerm>(), new List<PlacedTerm>(), 0);
        foreach (var heading in headings) position = Read(heading, ofHeadings, position) + TermSequence.Apart;
        Read(body, ofBody, position);
        return new TermSequence(ofHeadings, ofBody);
    }

    private int Read(string text, List<PlacedTerm> to, int position)
    {
        var words = new WordScanner(text);
        while (words.MoveNext())
        {
            var stretch = text.AsSpan(words.Current.Start, words.Current.Length);
            if (words.Current.IsRun)
            {
                var last = 0;
                foreach (var gram in Grams.Of(stretch))
                {
                    to.Add(new PlacedTerm(position + gram.Offset, Term.Of(stretch.Slice(gram.Start, gram.Length))));
                    last = gram.Offset;
                }

                position += last + 1;
            }
            else
            {
                if (_terms.TryGetValue(stretch, out var found))
                    foreach (var term in found) to.Add(new PlacedTerm(position, term));
                position++;
            }
        }

        return position;
    }
}
