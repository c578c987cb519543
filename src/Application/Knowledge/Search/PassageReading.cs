using AiPlatform.Application.Knowledge.Contracts;
using AiPlatform.Domain.Knowledge;

namespace AiPlatform.Application.Knowledge.Search;

/// <summary>From chunks that were found to the passages that are shown.</summary>
internal sealed class PassageReading(IPassages passages, DocumentQuery query, IReadOnlyList<string> queries, IReadOnlyList<VectorStoreId> stores)
{
    public async Task<IReadOnlyDictionary<long, PassagePlace>> LocateAsync(IReadOnlyList<Candidate> candidates, CancellationToken cancellationToken) =>
        (await passages.LocateAsync(query.WorkspaceId, stores, [.. candidates.Select(candidate => candidate.ChunkId)], cancellationToken)).ToDictionary(place => place.ChunkId);

    /// <summary>Those of them that are still there as a whole.</summary>
    public async Task<IReadOnlyList<DocumentHit>> ReadAsync(IReadOnlyList<FoundPassage> found, CancellationToken cancellationToken)
    {
        if (found.Count == 0) return [];
        long[] ids = [.. found.SelectMany(passage => passage.Places).Select(place => place.ChunkId)];
        var chunks = (await passages.ReadAsync(query.WorkspaceId, stores, ids, cancellationToken)).ToDictionary(chunk => chunk.Place.ChunkId);
        return [.. found.Where(passage => passage.Places.TrueForAll(place => chunks.ContainsKey(place.ChunkId))).Select(passage => HitOf(passage, chunks))];
    }

    private DocumentHit HitOf(FoundPassage passage, Dictionary<long, Passage> texts)
    {
        List<Passage> chunks = [.. passage.Places.Select(place => texts[place.ChunkId])];
        var first = chunks[0];
        return new DocumentHit
        {
            VectorStoreId = first.Place.Store,
            FileId = first.Place.File,
            Filename = first.Filename,
            Attributes = first.Attributes,
            Score = Math.Clamp(passage.Score, 0, 1),
            Text = Neighbours.TextOf(chunks),
            Start = first.Place.Start,
            Headings = first.Headings,
            Pages = Neighbours.PagesOf(chunks),
            Explanation = query.Explain ? Explain(passage) : null,
        };
    }

    private HitExplanation Explain(FoundPassage passage) => new()
    {
        Query = queries[passage.Best.Query],
        TextRank = passage.Best.TextRank,
        TextScore = passage.Best.Text?.Score,
        Terms = passage.Best.Text?.Terms ?? new Dictionary<string, double>(),
        VectorRank = passage.Best.VectorRank,
        Similarity = passage.Best.Similarity,
        RerankScore = passage.RerankScore,
    };
}
