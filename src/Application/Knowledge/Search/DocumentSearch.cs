using AiPlatform.Application.Knowledge.Contracts;
using AiPlatform.Application.Knowledge.VectorStores;
using AiPlatform.Domain.Common;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Knowledge;

namespace AiPlatform.Application.Knowledge.Search;

/// <summary>
/// A search from its beginning to its end: the stores, what is asked (rewritten where that is wanted), what says the words and what is near in meaning, one order of both, and the
/// passages that they make.
/// </summary>
internal sealed class DocumentSearch(
    ISearchedStores stores, QueryRewriter rewriter, HybridRetrieval retrieval, IPassages passages, PassageRanker ranker, TimeProvider clock) : IDocumentSearch
{
    // Files that come and go while a search runs make it begin again, so that it shows what was there at one moment.
    private const int MostTries = 3;
    private const string NotReranked = "The reranking model did not answer, so the results are in the order of the search itself.";
    private static readonly TimeSpan TouchedAgainAfter = TimeSpan.FromMinutes(1);

    public async Task<IReadOnlyList<VectorStoreId>> RequireStoresAsync(WorkspaceId workspace, IReadOnlyList<string> ids, string param, CancellationToken cancellationToken) =>
        [.. (await RequireAsync(workspace, ids, param, cancellationToken)).Select(store => store.Id)];

    public async Task<DocumentHits> SearchAsync(DocumentQuery query, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return await SearchAsync(query, [.. (await stores.FindAsync(query.WorkspaceId, query.Stores, cancellationToken)).Where(store => !store.IsExpiredAt(now))], cancellationToken);
    }

    /// <summary>The stores of these ids, for a search that follows at once.</summary>
    public async Task<IReadOnlyList<SearchedStore>> RequireAsync(WorkspaceId workspace, IReadOnlyList<string> ids, string param, CancellationToken cancellationToken)
    {
        var wanted = ids.Select(id => Ids.Parse<VectorStoreId>(id) ?? throw Missing(id, param)).ToList();
        var found = await stores.FindAsync(workspace, wanted, cancellationToken);
        var now = clock.GetUtcNow();
        for (var i = 0; i < wanted.Count; i++)
        {
            if (found.FirstOrDefault(store => store.Id == wanted[i]) is not { } store) throw Missing(ids[i], param);
            if (store.IsExpiredAt(now)) throw StoreErrors.Expired(store.Id, param);
        }

        return found;
    }

    public async Task<DocumentHits> SearchAsync(DocumentQuery query, IReadOnlyList<SearchedStore> found, CancellationToken cancellationToken)
    {
        if (found.Count == 0) return new DocumentHits(query.Queries, [], HasMore: false);
        await TouchAsync(query.WorkspaceId, found, cancellationToken);
        var queries = query.RewriteQueries ? await rewriter.RewriteAsync(query.Queries, cancellationToken) : query.Queries;
        for (var left = MostTries; ; left--)
        {
            var (hits, isWhole) = await TryAsync(query, queries, found, cancellationToken);
            if (isWhole || left == 1) return hits;
        }
    }

    /// <summary>Not whole: something that was found is not there any more.</summary>
    private async Task<(DocumentHits Hits, bool IsWhole)> TryAsync(DocumentQuery query, IReadOnlyList<string> queries, IReadOnlyList<SearchedStore> found, CancellationToken cancellationToken)
    {
        var reranks = query.Ranking.Rerank && ranker.IsOffered;
        var (candidates, warning) = await retrieval.FindAsync(query, queries, found, cancellationToken);
        // Where a model has the last word, it has it about all.
        if (!reranks) candidates.RemoveAll(candidate => candidate.Score < query.Ranking.ScoreThreshold);
        if (candidates.Count == 0) return (new DocumentHits(queries, [], HasMore: false) { Warning = warning }, true);

        var reading = new PassageReading(passages, query, queries, [.. found.Select(store => store.Id)]);
        var places = await reading.LocateAsync(candidates, cancellationToken);
        var merged = Neighbours.Merge(candidates, places);
        if (reranks)
        {
            var top = merged.Take(PassageRanker.Most).ToList();
            var texts = await reading.ReadAsync(top, cancellationToken);
            if (texts.Count < top.Count) return (new DocumentHits(queries, [], HasMore: false), false);
            if (await ranker.RankAsync(queries, [.. texts.Select(hit => hit.Text)], cancellationToken) is { } scores) merged = Ordered(merged, scores, query.Ranking.ScoreThreshold);
            else warning ??= NotReranked;
        }

        var shown = merged.Skip(query.Skip).Take(query.MaxResults).ToList();
        var hits = await reading.ReadAsync(shown, cancellationToken);
        return (
            new DocumentHits(queries, hits, merged.Count > query.Skip + query.MaxResults) { Warning = warning },
            places.Count == candidates.Count && hits.Count == shown.Count);
    }

    /// <summary>By what the model thinks of them; what it was not shown comes after, and is worth no more than the last.</summary>
    private static List<FoundPassage> Ordered(List<FoundPassage> passages, IReadOnlyList<double> scores, double threshold)
    {
        var lowest = scores.Min();
        return
        [
            .. passages.Take(scores.Count).Select((passage, i) => passage with { Score = scores[i], RerankScore = scores[i] }).OrderByDescending(passage => passage.Score)
                .Concat(passages.Skip(scores.Count).Select(passage => passage with { Score = Math.Min(passage.Score, lowest) }))
                .Where(passage => passage.Score >= threshold),
        ];
    }

    private async Task TouchAsync(WorkspaceId workspace, IReadOnlyList<SearchedStore> found, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        List<VectorStoreId> stale = [.. found.Where(store => now - store.LastActiveAt > TouchedAgainAfter).Select(store => store.Id)];
        if (stale.Count > 0) await stores.TouchAsync(workspace, stale, now, cancellationToken);
    }

    private static NotFound Missing(string id, string param) => new("not_found", $"Vector store with id '{id}' not found.", param);
}
