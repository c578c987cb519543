using System.Runtime.InteropServices;
using AiPlatform.Application.Knowledge.Search.Analysis;
using AiPlatform.Application.Knowledge.Search.Segments;

namespace AiPlatform.Application.Knowledge.Search.Ranking;

/// <summary>What a closer look at a chunk found: what each term adds, and what their nearness does.</summary>
internal sealed record Reading(double[] ByTerm, double Nearness, double Coverage)
{
    public double Score => ByTerm.Sum() + Nearness;
}

/// <summary>Reads a chunk's terms in their order: words of the query that stand together there as they do in the query say more than the same words far apart.</summary>
internal sealed class CloseReading
{
    private readonly IReadOnlyList<WeighedTerm> _terms;
    private readonly Statistics _statistics;
    private readonly LexicalWeights _weights;
    private readonly Dictionary<long, int> _termOf = [];
    private readonly TermSet _asked;

    // For each piece of a word the word.
    private readonly int[] _wordOf;

    // For each whole word the one that follows it in the query, and how many words later.
    private readonly (int Next, int Distance)[] _following;

    public CloseReading(IReadOnlyList<WeighedTerm> terms, Statistics statistics, LexicalWeights weights)
    {
        (_terms, _statistics, _weights) = (terms, statistics, weights);
        for (var i = terms.Count - 1; i >= 0; i--)
            foreach (var variant in terms[i].Term.Variants) _termOf[variant] = i;
        _asked = new TermSet(_termOf.Keys);
        _following = new (int, int)[terms.Count];
        Array.Fill(_following, (-1, 0));
        var words = new Dictionary<string, int>();
        for (var i = 0; i < terms.Count; i++)
            if (terms[i].Term is { IsWhole: true, IsGram: false }) words.TryAdd(terms[i].Term.Word, i);
        _wordOf = [.. terms.Select(term => term.Term is { IsWhole: false, IsGram: true } && words.TryGetValue(term.Term.Word, out var word) ? word : -1)];
        var before = -1;
        for (var i = 0; i < terms.Count; i++)
        {
            if (!terms[i].Term.IsWhole) continue;
            if (before >= 0) _following[before] = (i, Math.Max(1, terms[i].Term.Position - terms[before].Term.Position));
            before = i;
        }
    }

    public Reading Read(TermSequence chunk)
    {
        var norm = _statistics.Norm(chunk.Headings.Count + chunk.Body.Count);
        var frequencies = new int[_terms.Count];
        var places = new List<(int Position, int Term)>();
        Take(chunk.Headings, SegmentBuilder.HeadingWeight, frequencies, places);
        Take(chunk.Body, 1, frequencies, places);
        var byTerm = new double[_terms.Count];
        for (var i = 0; i < byTerm.Length; i++) byTerm[i] = _terms[i].Weight * Statistics.Saturation(frequencies[i], norm);
        return new Reading(byTerm, Nearness(places, norm), Coverage(frequencies, norm));
    }

    /// <summary>How much of the query is said. A word whose pieces are there is said in part.</summary>
    private double Coverage(int[] frequencies, double norm)
    {
        var (shares, pieces) = (new double[_terms.Count], new int[_terms.Count]);
        for (var i = 0; i < shares.Length; i++)
            if (_wordOf[i] >= 0) pieces[_wordOf[i]]++;
        var full = Statistics.Saturation(2, _weights.K1);
        for (var i = 0; i < shares.Length; i++)
        {
            var share = Math.Min(1, Statistics.Saturation(frequencies[i], norm) / full);
            if (_wordOf[i] < 0) shares[i] += share;
            else shares[_wordOf[i]] += share / pieces[_wordOf[i]];
        }

        var (said, asked) = (0.0, 0.0);
        for (var i = 0; i < shares.Length; i++)
        {
            if (_wordOf[i] >= 0) continue;
            asked += _terms[i].Weight;
            said += _terms[i].Weight * Math.Min(1, shares[i]);
        }

        return asked > 0 ? said / asked : 0;
    }

    private void Take(IReadOnlyList<PlacedTerm> terms, int weight, int[] frequencies, List<(int, int)> places)
    {
        foreach (var placed in terms)
        {
            if (!_asked.MayHave(placed.Term) || !_termOf.TryGetValue(placed.Term, out var term)) continue;
            frequencies[term] += weight;
            if (_terms[term].Term.IsWhole) places.Add((placed.Position, term));
        }
    }

    private double Nearness(List<(int Position, int Term)> places, double norm)
    {
        var (ordered, near) = (new Dictionary<(int, int), double>(), new Dictionary<(int, int), double>());
        for (var i = 0; i < places.Count; i++)
        {
            var (position, term) = places[i];
            for (var j = i + 1; j < places.Count && places[j].Position - position <= _weights.Window; j++)
            {
                var (distance, other) = (places[j].Position - position, places[j].Term);
                if (other == term || distance == 0 || IsOneRun(term, other, distance)) continue;
                CollectionsMarshal.GetValueRefOrAddDefault(near, term < other ? (term, other) : (other, term), out _)++;
                if (_following[term] is var (next, apart) && next == other && distance <= apart) CollectionsMarshal.GetValueRefOrAddDefault(ordered, (term, other), out _)++;
            }
        }

        return (_weights.Ordered * Sum(ordered, norm)) + (_weights.Near * Sum(near, norm));
    }

    // Pairs of characters that stand as they do in the query are the same word again, and have counted as such.
    private bool IsOneRun(int term, int other, int distance) =>
        _terms[term].Term.IsGram && _terms[other].Term.IsGram && (distance == 1 || distance == Math.Abs(_terms[other].Term.Position - _terms[term].Term.Position));

    private double Sum(Dictionary<(int A, int B), double> pairs, double norm) =>
        pairs.Sum(pair => Math.Min(_terms[pair.Key.A].Weight, _terms[pair.Key.B].Weight) * Statistics.Saturation(pair.Value, norm));
}
