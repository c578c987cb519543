using AiPlatform.Application.Knowledge.Contracts;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Knowledge;

namespace AiPlatform.Application.Knowledge.Search;

/// <summary>Finds the chunks that say the words of a query.</summary>
public interface ILexicalSearch
{
    /// <summary>The best of all these stores together, for each query, best first.</summary>
    Task<IReadOnlyList<LexicalHit>> FindAsync(LexicalQuery query, CancellationToken cancellationToken);
}

public sealed record LexicalQuery(WorkspaceId WorkspaceId, IReadOnlyList<VectorStoreId> Stores, IReadOnlyList<string> Queries, AttributeFilter? Filter, int Most, bool Explain);

/// <summary><c>Coverage</c> is the score as a part of what a chunk has that says each word once: 1 is all of the query.</summary>
public sealed record LexicalHit(VectorStoreId Store, int Query, long ChunkId, double Score, double Coverage, IReadOnlyDictionary<string, double>? Terms);
