using AiPlatform.Application.Knowledge.Contracts;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Knowledge;

namespace AiPlatform.Application.Knowledge.Search;

/// <summary>Finds chunks by their words and by their meaning at once, and puts them in one order. What has no weight is not asked.</summary>
internal sealed class HybridRetrieval(ISearchedStores stores, ILexicalSearch lexical, IVectorSearch vectors, QueryEmbeddings embeddings)
{
    // The same for every page of a search, so that pages fit together.
    private const int MostOfEach = 100;

    // Of those found by their words alone: those below would hardly rise.
    private const int MostCompared = 50;

    private const string WordsAlone = "The embedding model did not answer, so this was searched by words alone.";

    public async Task<(List<Candidate> Candidates, string? Warning)> FindAsync(
        DocumentQuery query, IReadOnlyList<string> queries, IReadOnlyList<SearchedStore> found, CancellationToken cancellationToken)
    {
        var files = query.Filter is null ? null : await stores.FilesAsync(query.WorkspaceId, [.. found.Select(store => store.Id)], query.Filter, cancellationToken);
        if (files is { Count: 0 }) return ([], null);
        var weights = found.ToDictionary(store => store.Id, store => new StoreWeights(query.Ranking.Weights ?? SimilarityScale.WeightsFor(store.EmbeddingModel), SimilarityScale.Of(store.EmbeddingModel)));
        var said = weights.Values.Any(store => store.Weights.Text > 0) ? SaidAsync(query, queries, found, files, cancellationToken) : null;
        var (targets, away) = await TargetsAsync(queries, found, weights, cancellationToken);
        // Its words count for all of it then, whatever they were to count.
        foreach (var store in away) weights[store.Id] = weights[store.Id] with { Weights = new HybridWeights(0, 1) };
        var near = targets.Count == 0 ? [] : await vectors.FindAsync(new VectorQuery(query.WorkspaceId, targets, query.Filter, MostOfEach), cancellationToken);
        var texts = said is not null || away.Count > 0 ? await (said ?? SaidAsync(query, queries, found, files, cancellationToken)) : [];
        texts = [.. texts.Select(hits => hits with { Hits = [.. hits.Hits.Where(hit => weights[hit.VectorStoreId].Weights.Text > 0)] })];
        var others = targets.Count == 0 ? [] : await CompareAsync(query.WorkspaceId, targets, texts, near, cancellationToken);
        return (Fusion.Rank(texts, near, others, weights), away.Count > 0 ? WordsAlone : null);
    }

    private async Task<IReadOnlyList<LexicalHits>> SaidAsync(
        DocumentQuery query, IReadOnlyList<string> queries, IReadOnlyList<SearchedStore> found, IReadOnlySet<VectorStoreFileId>? files, CancellationToken cancellationToken) =>
        await Task.WhenAll(queries.Select(text => lexical.SearchAsync(
            new LexicalQuery { WorkspaceId = query.WorkspaceId, Stores = [.. found.Select(store => store.Id)], Text = text, Files = files, Most = MostOfEach, Explain = query.Explain }, cancellationToken)));

    /// <summary>The stores that are searched by meaning, with the queries as vectors of theirs; and those that should be, and whose model is away.</summary>
    private async Task<(List<VectorTarget> Targets, List<SearchedStore> Away)> TargetsAsync(
        IReadOnlyList<string> queries, IReadOnlyList<SearchedStore> found, Dictionary<VectorStoreId, StoreWeights> weights, CancellationToken cancellationToken)
    {
        var (targets, away) = (new List<VectorTarget>(), new List<SearchedStore>());
        foreach (var same in found.Where(store => store.Dimensions is not null && weights[store.Id].Weights.Embedding > 0).GroupBy(store => (store.EmbeddingModel, store.Dimensions!.Value)))
        {
            var embedded = await embeddings.EmbedAsync(same.Key.EmbeddingModel, same.Key.Value, queries, cancellationToken);
            if (embedded is null) away.AddRange(same);
            else targets.AddRange(same.Select(store => new VectorTarget(store.Id, same.Key.Value, embedded)));
        }

        return (targets, away);
    }

    /// <summary>What was found by its words may be near in meaning too, only not among the nearest.</summary>
    private async Task<IReadOnlyList<VectorHit>> CompareAsync(
        WorkspaceId workspace, IReadOnlyList<VectorTarget> targets, IReadOnlyList<LexicalHits> texts, IReadOnlyList<VectorHit> near, CancellationToken cancellationToken)
    {
        var known = near.Select(hit => (hit.ChunkId, hit.Query)).ToHashSet();
        var unknown = texts.SelectMany((hits, query) => hits.Hits.Take(MostCompared).Where(hit => !known.Contains((hit.ChunkId, query)))).Select(hit => hit.ChunkId).ToHashSet();
        if (unknown.Count == 0) return [];
        return [.. (await vectors.CompareAsync(workspace, targets, unknown, cancellationToken)).Where(hit => !known.Contains((hit.ChunkId, hit.Query)))];
    }
}
