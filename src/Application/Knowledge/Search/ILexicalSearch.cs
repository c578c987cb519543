using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Knowledge;

namespace AiPlatform.Application.Knowledge.Search;

/// <summary>Finds chunks by their words: BM25, then how near the words of the query stand to each other. A singleton, outside of any request.</summary>
public interface ILexicalSearch
{
    /// <summary>
    /// The best chunks of completed files, best first. How rare a word is, and how long chunks are, is counted over all these stores together. A query without any word in them finds nothing.
    /// </summary>
    Task<LexicalHits> SearchAsync(LexicalQuery query, CancellationToken cancellationToken);
}

public sealed record LexicalQuery
{
    public required WorkspaceId WorkspaceId { get; init; }
    public required IReadOnlyCollection<VectorStoreId> Stores { get; init; }
    public required string Text { get; init; }

    /// <summary>Only chunks of these files, as a filter has found them; null: of all.</summary>
    public IReadOnlySet<VectorStoreFileId>? Files { get; init; }

    /// <summary>How many chunks are wanted.</summary>
    public int Most { get; init; } = 100;

    /// <summary>Whether chunks tell what each word added.</summary>
    public bool Explain { get; init; }
}

/// <summary>What was found, and the words of the query as the index knows them, rarest first.</summary>
public sealed record LexicalHits(IReadOnlyList<LexicalHit> Hits, IReadOnlyList<string> Terms)
{
    public static readonly LexicalHits None = new([], []);
}

/// <summary>A chunk that has words of the query.</summary>
public sealed record LexicalHit
{
    public required long ChunkId { get; init; }
    public required VectorStoreId VectorStoreId { get; init; }
    public required VectorStoreFileId VectorStoreFileId { get; init; }

    /// <summary>BM25 and what nearness and feedback add; orders the chunks of one search.</summary>
    public required double Score { get; init; }

    /// <summary>From 0 to 1: how much of what the query asks for is said, rare words counting more. Comparable between searches; 1 is a chunk that is all about all of its words.</summary>
    public required double Relevance { get; init; }

    /// <summary>What each word added to the score, by the word as the index knows it. Empty unless it was asked for.</summary>
    public IReadOnlyDictionary<string, double> Terms { get; init; } = new Dictionary<string, double>();
}
