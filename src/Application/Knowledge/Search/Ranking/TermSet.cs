namespace AiPlatform.Application.Knowledge.Search.Ranking;

/// <summary>Tells quickly of most terms that they are not looked for: texts are read term by term, and have few of those that are.</summary>
internal sealed class TermSet
{
    private const int Words = 256;

    private readonly ulong[] _bits = new ulong[Words];

    public TermSet(IEnumerable<long> terms)
    {
        foreach (var term in terms) _bits[(int)(term >> 6) & (Words - 1)] |= 1UL << (int)(term & 63);
    }

    public bool MayHave(long term) => (_bits[(int)(term >> 6) & (Words - 1)] >> (int)(term & 63) & 1) != 0;
}
