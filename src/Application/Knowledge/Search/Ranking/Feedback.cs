using System.Runtime.InteropServices;
using AiPlatform.Application.Knowledge.Search.Analysis;

namespace AiPlatform.Application.Knowledge.Search.Ranking;

/// <summary>
/// What the best chunks have in common beside the words of the query (RM3): others that have it too are probably about the same. It only orders what was found, and counts little: where the
/// best are wrong it would lead astray.
/// </summary>
internal static class Feedback
{
    /// <summary>The terms that the best chunks are about, by how much; to be weighed by how rare they are.</summary>
    public static Dictionary<long, double> Candidates(IReadOnlyList<(TermSequence Terms, double Score)> best, IReadOnlySet<long> asked, int most)
    {
        var (total, shares, chunks) = (best.Sum(chunk => chunk.Score), new Dictionary<long, double>(), new Dictionary<long, int>());
        foreach (var (terms, score) in best)
        {
            var own = new Dictionary<long, int>();
            foreach (var placed in terms.All) CollectionsMarshal.GetValueRefOrAddDefault(own, placed.Term, out _)++;
            foreach (var (term, times) in own)
            {
                if (asked.Contains(term)) continue;
                CollectionsMarshal.GetValueRefOrAddDefault(shares, term, out _) += score / total * times / (terms.Headings.Count + terms.Body.Count);
                CollectionsMarshal.GetValueRefOrAddDefault(chunks, term, out _)++;
            }
        }

        // What one chunk alone says is not what they have in common.
        return shares.Where(share => chunks[share.Key] > 1).OrderByDescending(share => share.Value).ThenBy(share => share.Key).Take(most).ToDictionary();
    }
}
