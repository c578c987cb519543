namespace AiPlatform.Application.Knowledge.Search;

/// <summary>Finds nothing: until there is an index of words.</summary>
internal sealed class NoLexicalSearch : ILexicalSearch
{
    public Task<LexicalHits> SearchAsync(LexicalQuery query, CancellationToken cancellationToken) => Task.FromResult(LexicalHits.None);
}
