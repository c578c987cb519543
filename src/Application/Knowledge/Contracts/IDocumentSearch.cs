using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Knowledge;

namespace AiPlatform.Application.Knowledge.Contracts;

/// <summary>Finds passages in the documents of vector stores, of what is completed there and of nothing else. Needs no request: a run that goes on elsewhere searches too.</summary>
public interface IDocumentSearch
{
    /// <summary>
    /// The stores of these ids. One that is not the workspace's is a <c>NotFound</c>, one that has expired a <c>RuleBroken</c>; both name <paramref name="param"/>.
    /// </summary>
    Task<IReadOnlyList<VectorStoreId>> RequireStoresAsync(WorkspaceId workspace, IReadOnlyList<string> ids, string param, CancellationToken cancellationToken);

    /// <summary>The best passages, best first. A store that is gone by now has none.</summary>
    Task<DocumentHits> SearchAsync(DocumentQuery query, CancellationToken cancellationToken);
}

public sealed record DocumentQuery
{
    public required WorkspaceId WorkspaceId { get; init; }
    public required IReadOnlyList<VectorStoreId> Stores { get; init; }

    /// <summary>One question or several: a passage counts by the one it answers best.</summary>
    public required IReadOnlyList<string> Queries { get; init; }

    /// <summary>From 1 to 50.</summary>
    public int MaxResults { get; init; } = 10;

    /// <summary>How many of the best are passed over: those of earlier pages.</summary>
    public int Skip { get; init; }

    public AttributeFilter? Filter { get; init; }
    public DocumentRanking Ranking { get; init; } = new();

    /// <summary>Words the questions for search first, where that helps.</summary>
    public bool RewriteQueries { get; init; }

    /// <summary>Whether hits say why they were found.</summary>
    public bool Explain { get; init; }
}

/// <summary>How hits are ranked (the API's <c>ranking_options</c>).</summary>
public sealed record DocumentRanking
{
    /// <summary>False: the order of the search itself, without a model that looks at the passages once more.</summary>
    public bool Rerank { get; init; } = true;

    /// <summary>Hits below it are left out; from 0 to 1.</summary>
    public double ScoreThreshold { get; init; }

    /// <summary>Null: what suits the store's embedding model.</summary>
    public HybridWeights? Weights { get; init; }
}

/// <summary>How much meaning (vectors) and words count, each at least 0 and not both 0 (the API's <c>hybrid_search</c>).</summary>
public readonly record struct HybridWeights(double Embedding, double Text);

/// <summary>What was found, and what was asked in the end: the queries as they came, or as they were rewritten.</summary>
public sealed record DocumentHits(IReadOnlyList<string> Queries, IReadOnlyList<DocumentHit> Hits, bool HasMore)
{
    /// <summary>What was searched less well than it should have been, as a sentence; null: nothing.</summary>
    public string? Warning { get; init; }
}

/// <summary>A passage of a document: a chunk, or neighbouring ones that were found together and are shown as one.</summary>
public sealed record DocumentHit
{
    public required VectorStoreId VectorStoreId { get; init; }
    public required FileId FileId { get; init; }
    public required string Filename { get; init; }

    /// <summary>The file's attributes in the store, as a JSON object.</summary>
    public required string Attributes { get; init; }

    /// <summary>How well it answers, from 0 to 1; comparable between searches of the same kind.</summary>
    public required double Score { get; init; }

    /// <summary>A stretch of the document's text, letter by letter.</summary>
    public required string Text { get; init; }

    /// <summary>Where the stretch begins in the document's text, in UTF-16 units.</summary>
    public required int Start { get; init; }

    public int End => Start + Text.Length;

    /// <summary>The headings it stands under, the highest first.</summary>
    public required IReadOnlyList<string> Headings { get; init; }

    /// <summary>The pages it stands on, in order; the first begins at <see cref="Start"/> or before.</summary>
    public required IReadOnlyList<PageStart> Pages { get; init; }

    /// <summary>Null unless it was asked for.</summary>
    public HitExplanation? Explanation { get; init; }

    /// <summary>The page on which a position of the document's text stands.</summary>
    public int PageAt(int position)
    {
        var page = Pages[0].Page;
        foreach (var start in Pages)
        {
            if (start.Position > position) break;
            page = start.Page;
        }

        return page;
    }
}

/// <summary>Where a page begins in the document's text.</summary>
public readonly record struct PageStart(int Page, int Position);

/// <summary>Why a hit was found. Ranks count from 1; null: not found that way.</summary>
public sealed record HitExplanation
{
    /// <summary>Which of the queries it answers best.</summary>
    public required string Query { get; init; }

    public int? TextRank { get; init; }

    /// <summary>BM25, with what nearness of the words adds.</summary>
    public double? TextScore { get; init; }

    /// <summary>The words of the query that were found, as they stand in the index, with what each added.</summary>
    public IReadOnlyDictionary<string, double> Terms { get; init; } = new Dictionary<string, double>();

    public int? VectorRank { get; init; }

    /// <summary>The cosine of the angle between the vectors of query and passage.</summary>
    public double? Similarity { get; init; }

    /// <summary>What a reranking model thought of it, where one was asked.</summary>
    public double? RerankScore { get; init; }
}
