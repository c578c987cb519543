using System.Text;
using AiPlatform.Infrastructure.ModelProviders.Offline.Text;

namespace AiPlatform.Infrastructure.ModelProviders.Offline;

/// <param name="Index">Which sentence.</param>
/// <param name="Value">How well it answers, comparable within one question only.</param>
/// <param name="Coverage">The share of the question's weight that it and its surroundings speak of, 0 to 1.</param>
/// <param name="Matched">The question's terms that it holds itself, with their share of the question's weight.</param>
internal sealed record ScoredSentence(int Index, double Value, double Coverage, IReadOnlyDictionary<string, double> Matched);

/// <summary>BM25 over sentences, with inflected words counting in part, and hints from headings, neighbours, word pairs and the kind of question.</summary>
internal static class SentenceScorer
{
    private const double Saturation = 1.2;
    private const double LengthWeight = 0.5;
    private const double SharedPrefix = 0.6;
    private const double FromHeading = 0.4;
    private const double FromNeighbour = 0.35;
    private const double EarlierTerm = 0.4;
    private const double AnswerInKind = 1.35;

    private static readonly HashSet<string> AsksForNumber = ["when", "many", "much", "long", "old", "year", "date", "number", "percentage", "कब", "कितना", "कितनी", "कितने", "वर्ष", "साल", "wann", "quand", "cuando", "combien", "cuantos"];
    private static readonly HashSet<string> AsksForName = ["who", "whom", "whose", "where", "wer", "qui", "quien"];

    /// <summary>The words a text is compared by: folded, stemmed, without stop words.</summary>
    public static List<string> Terms(string text) => [.. Words.Of(text).Where(word => !StopWords.Contains(word)).Select(Stems.Of)];

    public static IReadOnlyList<ScoredSentence> Score(string question, string earlierQuestion, IReadOnlyList<Sentence> sentences, CancellationToken cancellationToken)
    {
        var terms = Terms(question).Distinct().ToList();
        var own = terms.Count;
        if (own < 2) terms.AddRange(Terms(earlierQuestion).Distinct().Except(terms));
        if (terms.Count == 0) return [];

        var texts = sentences.Select(sentence => Terms(sentence.Text)).ToList();
        var matches = new TermMatches(terms);
        var found = texts.Select(text => matches.In(text, cancellationToken)).ToList();
        var headings = sentences.Select(sentence => sentence.Heading).Distinct().OfType<string>().ToDictionary(heading => heading, heading => matches.In(Terms(heading), cancellationToken));
        var weights = terms.Select((_, t) => Rarity(found.Count(counts => counts[t] > 0), sentences.Count) * (t < own ? 1 : EarlierTerm)).ToList();
        var total = weights.Sum();
        var averageLength = Math.Max(1, texts.Average(text => text.Count));
        var asked = Words.Of(question);

        return [.. sentences.Select((sentence, i) =>
        {
            var (value, coverage) = (0.0, 0.0);
            for (var t = 0; t < terms.Count; t++)
            {
                var here = found[i][t];
                value += weights[t] * here * (Saturation + 1) / (here + Saturation * (1 - LengthWeight + LengthWeight * texts[i].Count / averageLength));
                var around = here > 0 ? 0 : Math.Max(
                    sentence.Heading is { } heading && headings[heading][t] > 0 ? FromHeading : 0,
                    NearBy(sentences, found, i, t) ? FromNeighbour : 0);
                value += weights[t] * around;
                coverage += weights[t] * Math.Min(1, here + around * 2);
            }

            var matched = Enumerable.Range(0, terms.Count).Where(t => found[i][t] > 0).ToDictionary(t => terms[t], t => weights[t] / total);
            if (matched.Count == 0) return new ScoredSentence(i, 0, 0, matched);
            value += PairBonus(terms, texts[i], weights);
            if (AnswersInKind(asked, sentence.Text)) value *= AnswerInKind;
            return new ScoredSentence(i, value, coverage / total, matched);
        })];
    }

    // A word that no sentence holds counts as one that a single sentence holds: it may be a synonym of something that is there.
    private static double Rarity(int sentencesWithIt, int sentences) =>
        Math.Log(1 + (sentences - Math.Max(1, sentencesWithIt) + 0.5) / (Math.Max(1, sentencesWithIt) + 0.5));

    private static bool NearBy(IReadOnlyList<Sentence> sentences, List<double[]> found, int index, int term)
    {
        foreach (var other in (ReadOnlySpan<int>)[index - 1, index + 1, index - 2])
            if (other >= 0 && other < sentences.Count && sentences[other].Paragraph == sentences[index].Paragraph && found[other][term] > 0) return true;
        return false;
    }

    private static double PairBonus(List<string> terms, List<string> text, List<double> weights)
    {
        var bonus = 0.0;
        for (var t = 0; t + 1 < terms.Count; t++)
            for (var i = 0; i + 1 < text.Count; i++)
            {
                if (text[i] != terms[t] || text[i + 1] != terms[t + 1]) continue;
                bonus += 0.3 * (weights[t] + weights[t + 1]) / 2;
                break;
            }

        return bonus;
    }

    private static bool AnswersInKind(List<string> asked, string sentence)
    {
        if (asked.Exists(AsksForNumber.Contains)) return sentence.Any(char.IsDigit);
        return asked.Exists(AsksForName.Contains) && sentence.Split(' ').Skip(1).Any(word => word.Length > 0 && Rune.TryGetRuneAt(word, 0, out var first) && Rune.IsUpper(first));
    }

    /// <summary>How often each term of the question occurs in a text, a word that only shares its beginning counting in part.</summary>
    private sealed class TermMatches(List<string> terms)
    {
        private readonly Dictionary<string, double[]> _byWord = [];

        public double[] In(List<string> text, CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var counts = new double[terms.Count];
            foreach (var word in text)
            {
                if (!_byWord.TryGetValue(word, out var likeness)) _byWord[word] = likeness = [.. terms.Select(term => Likeness(term, word))];
                for (var t = 0; t < counts.Length; t++) counts[t] += likeness[t];
            }

            return counts;
        }

        private static double Likeness(string term, string word)
        {
            if (term == word) return 1;
            if (Words.IsPair(term)) return 0;
            var shared = term.AsSpan().CommonPrefixLength(word);
            return shared >= 4 && shared >= 0.7 * Math.Max(term.Length, word.Length) && !char.IsDigit(term[0]) ? SharedPrefix : 0;
        }
    }
}
