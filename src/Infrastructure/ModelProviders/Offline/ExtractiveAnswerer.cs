using System.Text;
using AiPlatform.Infrastructure.ModelProviders.Offline.Text;

namespace AiPlatform.Infrastructure.ModelProviders.Offline;

/// <summary>Finds the sentences that best answer a question, and quotes them in their order.</summary>
internal static class ExtractiveAnswerer
{
    private const int MostQuoted = 3;
    private const int MostQuotedOfSummary = 4;

    // How much of what the question is about a sentence and its surroundings must speak of, by weight of words.
    private const double LeastCoverage = 0.3;
    private const double NearlyAsGood = 0.75;
    private const double LeastAddition = 0.25;
    private const int ShortSentence = 300;

    private static readonly HashSet<string> Pronouns =
        ["he", "she", "it", "they", "this", "these", "his", "her", "its", "their", "यह", "वह", "ये", "वे", "उन्होंने", "उसने", "इसका", "इसकी", "इसके", "उनका", "उनकी", "उनके"];

    /// <summary>The quoted answer, or null when the text holds none.</summary>
    public static string? Answer(OfflinePrompt prompt, CancellationToken cancellationToken)
    {
        if (prompt.Sentences.Count == 0) return null;
        if (Questions.AsksForSummary(prompt.Question)) return prompt.TextGiven ? Quote(prompt.Sentences, Central(prompt.Sentences, cancellationToken)) : null;

        var scored = SentenceScorer.Score(prompt.Question, prompt.EarlierQuestion, prompt.Sentences, cancellationToken);
        var best = scored.MaxBy(sentence => sentence.Value);
        if (best is not null && best.Coverage >= LeastCoverage) return Quote(prompt.Sentences, Choose(prompt.Sentences, scored, best));

        // Tools are called to answer the question, in whatever words; whole sentences say more than fields.
        var results = prompt.LatestResults.Where(sentence => SentenceSplitter.EndsLikeSentence(sentence.Text)).ToList();
        if (results.Count == 0) results = [.. prompt.LatestResults];
        return results.Count > 0 ? Quote(results, [.. Enumerable.Range(0, Math.Min(MostQuoted, results.Count))]) : null;
    }

    /// <summary>The best sentence, and others nearly as good that speak of something it leaves out.</summary>
    private static SortedSet<int> Choose(IReadOnlyList<Sentence> sentences, IReadOnlyList<ScoredSentence> scored, ScoredSentence best)
    {
        var chosen = new SortedSet<int> { best.Index };
        var covered = best.Matched.Keys.ToHashSet();
        foreach (var next in scored.Where(other => other.Value >= best.Value * NearlyAsGood).OrderByDescending(other => other.Value).ThenBy(other => other.Index))
        {
            if (chosen.Count == MostQuoted) break;
            if (next.Matched.Sum(term => covered.Contains(term.Key) ? 0 : term.Value) < LeastAddition) continue;
            chosen.Add(next.Index);
            covered.UnionWith(next.Matched.Keys);
        }

        // "It was built in 1889." is no answer without the sentence before.
        var before = best.Index - 1;
        if (before >= 0 && sentences[before].Paragraph == sentences[best.Index].Paragraph && sentences[before].Text.Length <= ShortSentence && StartsWithPronoun(sentences[best.Index].Text))
            chosen.Add(before);
        return chosen;
    }

    /// <summary>The sentences whose words the text uses most, the first one favoured: what it is about.</summary>
    private static SortedSet<int> Central(IReadOnlyList<Sentence> sentences, CancellationToken cancellationToken)
    {
        var terms = sentences.Select(sentence => SentenceScorer.Terms(sentence.Text)).ToList();
        var frequency = terms.SelectMany(list => list.Distinct()).CountBy(term => term).ToDictionary();
        cancellationToken.ThrowIfCancellationRequested();
        return
        [
            .. Enumerable.Range(0, sentences.Count)
                .OrderByDescending(i => terms[i].Count == 0 ? 0 : terms[i].Distinct().Sum(term => Math.Log(1 + frequency[term])) / Math.Sqrt(terms[i].Count + 8) * (i == 0 ? 1.5 : 1))
                .Take(Math.Min(MostQuotedOfSummary, 1 + sentences.Count / 3)),
        ];
    }

    private static string Quote(IReadOnlyList<Sentence> sentences, SortedSet<int> chosen)
    {
        var answer = new StringBuilder();
        int? previous = null;
        foreach (var index in chosen)
        {
            if (previous is { } before) answer.Append(before == index - 1 && sentences[before].Paragraph == sentences[index].Paragraph ? " " : "\n\n");
            answer.Append(sentences[index].Quoted);
            previous = index;
        }

        return answer.ToString();
    }

    private static bool StartsWithPronoun(string sentence) => Words.Of(sentence) is [var first, ..] && Pronouns.Contains(first);
}
