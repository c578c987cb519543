using AiPlatform.Application.Knowledge.Search.Analysis;
using AiPlatform.Application.Knowledge.Search.Ranking;
using AiPlatform.Application.Knowledge.Search.Segments;

namespace AiPlatform.Application.Knowledge.Search;

/// <summary>Two rounds: BM25 over the postings of all segments, then a closer look at the best.</summary>
internal sealed class LexicalSearch(ILexicalSegments store, SegmentCache cache, TextAnalysis analysis, LexicalWeights weights) : ILexicalSearch
{
    // How often the index may change under a search before it gives up.
    private const int Tries = 20;

    public async Task<LexicalHits> SearchAsync(LexicalQuery query, CancellationToken cancellationToken)
    {
        for (var left = Tries; left > 0; left--)
        {
            if (await TryAsync(query, cancellationToken) is { } hits) return hits;
        }

        throw new InvalidOperationException("The index changed faster than it could be read.");
    }

    private async Task<LexicalHits?> TryAsync(LexicalQuery query, CancellationToken cancellationToken)
    {
        var infos = await store.ListAsync(query.WorkspaceId, query.Stores, cancellationToken);
        if (infos.Count == 0) return LexicalHits.None;
        var asked = await analysis.AskAsync(query.Text, [.. infos.SelectMany(info => info.Languages).Distinct()], cancellationToken);
        if (asked.Count == 0) return LexicalHits.None;
        if (await cache.OpenAsync(infos, [.. asked.SelectMany(term => term.Variants).Distinct()], cancellationToken) is not { } segments) return null;

        var statistics = new Statistics(segments, weights);
        var terms = Weigh(asked, segments, statistics);
        var first = new FirstRound(terms, statistics, query.Files);
        var most = Math.Max(query.Most, weights.Reranked);
        var (found, someAreGone) = await FindAsync(query, first, segments, most, cancellationToken);
        // Gone since just now: what has come in their place is to be found instead.
        if (someAreGone && HasChanged(infos, await store.ListAsync(query.WorkspaceId, query.Stores, cancellationToken))) return null;
        var reading = new CloseReading(terms, statistics, weights);
        var read = found.Select(chunk => (Chunk: chunk, ChunkTerms.Unpack(chunk.Terms).Terms)).Select(chunk => new ReadChunk(chunk.Chunk, chunk.Terms, reading.Read(chunk.Terms)))
            .OrderByDescending(chunk => chunk.Reading.Score).ThenBy(chunk => chunk.Chunk.Id).ToList();
        if (!await AddFeedbackAsync(read, terms, segments, statistics, cancellationToken)) return null;
        return new LexicalHits(
            [.. read.OrderByDescending(chunk => chunk.Score).ThenBy(chunk => chunk.Chunk.Id).Take(query.Most).Select(chunk => Hit(chunk, terms, query.Explain))],
            [.. terms.Where(term => term.Term.IsWhole).OrderByDescending(term => term.Weight).Select(term => term.Term.Word).Distinct()]);
    }

    private static List<WeighedTerm> Weigh(IReadOnlyList<QueryTerm> asked, IReadOnlyList<OpenSegment> segments, Statistics statistics)
    {
        var terms = asked.GroupBy(term => term.Variants[0]).Select(same => same.First()).Select(term => (Term: term, Idf: statistics.Idf(term.Variants))).ToList();
        // Pieces may be rare only because few documents have any: they are no rarer than their word.
        var rarest = terms.Where(term => term.Term.IsWhole && !term.Term.IsGram).GroupBy(term => term.Term.Word).ToDictionary(word => word.Key, word => word.Max(term => term.Idf));
        return
        [
            .. terms.Select(term => new WeighedTerm(
                term.Term,
                term.Term.IsGram && rarest.TryGetValue(term.Term.Word, out var most) ? Math.Min(term.Idf, most) : term.Idf,
                segments.Any(segment => term.Term.Variants.Any(variant => segment.Find(variant).Count > 0)))),
        ];
    }

    private static bool HasChanged(IReadOnlyList<SegmentInfo> before, IReadOnlyList<SegmentInfo> now) => !before.Select(info => info.Id).ToHashSet().SetEquals(now.Select(info => info.Id));

    /// <summary>The best that may be found. Segments also tell of chunks that are gone; as many more are looked at then.</summary>
    private async Task<(IReadOnlyList<StoredChunk> Chunks, bool SomeAreGone)> FindAsync(
        LexicalQuery query, FirstRound first, IReadOnlyList<OpenSegment> segments, int most, CancellationToken cancellationToken)
    {
        for (var depth = most; ; depth *= 4)
        {
            var best = first.Best(segments, depth);
            var found = await store.ReadChunksAsync(query.WorkspaceId, query.Stores, best, cancellationToken);
            if (found.Count >= query.Most || best.Count < depth) return (found, found.Count < best.Count);
        }
    }

    private async Task<bool> AddFeedbackAsync(
        List<ReadChunk> read, List<WeighedTerm> terms, IReadOnlyList<OpenSegment> segments, Statistics statistics, CancellationToken cancellationToken)
    {
        // Pairs of characters are common to texts that have nothing else in common.
        var feedback = weights.Feedback * terms.Where(term => !term.Term.IsGram).Sum(term => term.Weight) / terms.Sum(term => term.Weight);
        // Where nothing that was asked for weighs anything, it is no number.
        if (!(feedback > 0) || read.Count < 2) return true;
        var candidates = Feedback.Candidates(
            [.. read.Take(weights.FeedbackChunks).Select(chunk => (chunk.Terms, chunk.Reading.Score))], terms.SelectMany(term => term.Term.Variants).ToHashSet(), weights.FeedbackTerms * 2);
        if (!await cache.LoadAsync(segments, candidates.Keys, cancellationToken)) return false;
        var chosen = candidates.Select(term => (Term: term.Key, Weight: term.Value * statistics.Idf([term.Key]))).OrderByDescending(term => term.Weight).Take(weights.FeedbackTerms).ToList();
        if (chosen.Count == 0) return true;
        // All of them together at most a share of what the best chunk has for its own words; less where that stands out, because then it is the answer, and not one of many.
        var evenness = read.Take(weights.FeedbackChunks).Average(chunk => chunk.Reading.Score) / read[0].Reading.Score;
        var scale = feedback * Math.Pow(evenness, weights.Evenness) * read[0].Reading.Score / chosen.Sum(term => term.Weight);
        var weightOf = chosen.ToDictionary(term => term.Term, term => term.Weight * scale);
        var set = new TermSet(weightOf.Keys);
        foreach (var chunk in read)
        {
            var norm = statistics.Norm(chunk.Terms.Headings.Count + chunk.Terms.Body.Count);
            var frequencies = new Dictionary<long, int>();
            foreach (var placed in chunk.Terms.All)
                if (set.MayHave(placed.Term) && weightOf.ContainsKey(placed.Term)) frequencies[placed.Term] = frequencies.GetValueOrDefault(placed.Term) + 1;
            chunk.Feedback = frequencies.Sum(term => weightOf[term.Key] * Statistics.Saturation(term.Value, norm));
        }

        return true;
    }

    private static LexicalHit Hit(ReadChunk chunk, List<WeighedTerm> terms, bool explain) => new()
    {
        ChunkId = chunk.Chunk.Id,
        VectorStoreId = chunk.Chunk.VectorStoreId,
        VectorStoreFileId = chunk.Chunk.VectorStoreFileId,
        Score = chunk.Score,
        Relevance = chunk.Reading.Coverage,
        Terms = explain ? Explain(chunk, terms) : new Dictionary<string, double>(),
    };

    private static Dictionary<string, double> Explain(ReadChunk chunk, List<WeighedTerm> terms)
    {
        var byWord = new Dictionary<string, double>();
        for (var i = 0; i < terms.Count; i++)
        {
            if (chunk.Reading.ByTerm[i] > 0) byWord[terms[i].Term.Word] = byWord.GetValueOrDefault(terms[i].Term.Word) + chunk.Reading.ByTerm[i];
        }

        return byWord;
    }

    private sealed record ReadChunk(StoredChunk Chunk, TermSequence Terms, Reading Reading)
    {
        public double Feedback { get; set; }

        public double Score => Reading.Score + Feedback;
    }
}
