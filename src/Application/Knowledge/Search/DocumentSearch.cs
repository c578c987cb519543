using AiPlatform.Application.Knowledge.Contracts;
using AiPlatform.Domain.Common;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Knowledge;

namespace AiPlatform.Application.Knowledge.Search;

/// <summary>
/// A search from its beginning to its end: the stores, what is asked (rewritten where that is wanted), what says the words and what is near in meaning, one order of both, and the
/// passages that they make.
/// </summary>
internal sealed class DocumentSearch(
    ISearchedStores stores, HybridRetrieval retrieval, IPassages passages, TimeProvider clock) : IDocumentSearch
{
    // Files that come and go while a search runs make it begin again, so that it shows what was there at one moment.
    private const int MostTries = 3;
    private static readonly TimeSpan TouchedAgainAfter = TimeSpan.FromMinutes(1);

    public async Task<IReadOnlyList<VectorStoreId>> RequireStoresAsync(WorkspaceId workspace, IReadOnlyList<string> ids, string param, CancellationToken cancellationToken)
    {
        var wanted = ids.Select(id => Ids.Parse<VectorStoreId>(id) ?? throw Missing(id, param)).ToList();
        var found = (await stores.FindAsync(workspace, wanted, cancellationToken)).ToDictionary(store => store.Id);
        var now = clock.GetUtcNow();
        for (var i = 0; i < wanted.Count; i++)
        {
            if (!found.TryGetValue(wanted[i], out var store)) throw Missing(ids[i], param);
            if (store.IsExpiredAt(now)) throw SearchErrors.Expired(store.Id, param);
        }

        return [.. wanted.Distinct()];
    }

    public async Task<DocumentHits> SearchAsync(DocumentQuery query, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var found = (await stores.FindAsync(query.WorkspaceId, query.Stores, cancellationToken)).Where(store => !store.IsExpiredAt(now)).ToList();
        if (found.Count == 0) return new DocumentHits(query.Queries, [], HasMore: false);
        await TouchAsync(query.WorkspaceId, found, now, cancellationToken);
        for (var left = MostTries; ; left--)
        {
            if (await TryAsync(query, query.Queries, found, cancellationToken) is var (hits, isWhole) && (isWhole || left == 1)) return hits;
        }
    }

    /// <summary>False: something that was found is not there any more.</summary>
    private async Task<(DocumentHits Hits, bool IsWhole)> TryAsync(DocumentQuery query, IReadOnlyList<string> queries, IReadOnlyList<SearchedStore> found, CancellationToken cancellationToken)
    {
        var (candidates, warning) = await retrieval.FindAsync(query, queries, found, cancellationToken);
        candidates.RemoveAll(candidate => candidate.Score < query.Ranking.ScoreThreshold);
        List<VectorStoreId> ids = [.. found.Select(store => store.Id)];
        var places = (await passages.LocateAsync(query.WorkspaceId, ids, [.. candidates.Select(candidate => candidate.ChunkId)], cancellationToken)).ToDictionary(place => place.ChunkId);
        var merged = Neighbours.Merge(candidates, places);
        var shown = merged.Skip(query.Skip).Take(query.MaxResults).ToList();
        long[] chunks = [.. shown.SelectMany(passage => passage.Places).Select(place => place.ChunkId)];
        var texts = (await passages.ReadAsync(query.WorkspaceId, ids, chunks, cancellationToken)).ToDictionary(passage => passage.Place.ChunkId);
        var hits = shown.Where(passage => passage.Places.TrueForAll(place => texts.ContainsKey(place.ChunkId))).Select(passage => HitOf(passage, texts, query, queries)).ToList();
        return (
            new DocumentHits(queries, hits, merged.Count > query.Skip + query.MaxResults) { Warning = warning },
            places.Count == candidates.Count && hits.Count == shown.Count);
    }

    private static DocumentHit HitOf(FoundPassage passage, Dictionary<long, Passage> texts, DocumentQuery query, IReadOnlyList<string> queries)
    {
        List<Passage> chunks = [.. passage.Places.Select(place => texts[place.ChunkId])];
        var (first, best) = (chunks[0], passage.Best);
        return new DocumentHit
        {
            VectorStoreId = first.Place.Store,
            FileId = first.Place.File,
            Filename = first.Filename,
            Attributes = first.Attributes,
            Score = passage.Score,
            Text = Neighbours.TextOf(chunks),
            Start = first.Place.Start,
            Headings = first.Headings,
            Pages = Neighbours.PagesOf(chunks),
            Explanation = !query.Explain ? null : new HitExplanation
            {
                Query = queries[best.Query],
                TextRank = best.TextRank,
                TextScore = best.Text?.Score,
                Terms = best.Text?.Terms ?? new Dictionary<string, double>(),
                VectorRank = best.VectorRank,
                Similarity = best.Similarity,
                RerankScore = passage.RerankScore,
            },
        };
    }

    private async Task TouchAsync(WorkspaceId workspace, List<SearchedStore> found, DateTimeOffset now, CancellationToken cancellationToken)
    {
        List<VectorStoreId> stale = [.. found.Where(store => now - store.LastActiveAt > TouchedAgainAfter).Select(store => store.Id)];
        if (stale.Count > 0) await stores.TouchAsync(workspace, stale, now, cancellationToken);
    }

    private static NotFound Missing(string id, string param) => new("not_found", $"Vector store with id '{id}' not found.", param);
}

internal static class SearchErrors
{
    public static RuleBroken Expired(VectorStoreId store, string param) => new(
        "vector_store_expired", $"The vector store '{store.ToWire()}' has expired. Set another 'expires_after' (or null) to use it again, or make a new one.", param);
}
