namespace AiPlatform.Application.Knowledge.Search.Analysis;

/// <summary>A term and where it stands, counted in words. Several may stand at one place: a name and its parts, a character and the pair it begins.</summary>
internal readonly record struct PlacedTerm(int Position, long Term);

/// <summary>The terms of a chunk in their order: those of its headings, and its own.</summary>
internal sealed record TermSequence(IReadOnlyList<PlacedTerm> Headings, IReadOnlyList<PlacedTerm> Body)
{
    /// <summary>Where the body begins: so far from the headings that nothing is near to both.</summary>
    public const int Apart = 64;

    public IEnumerable<PlacedTerm> All => Headings.Concat(Body);
}
