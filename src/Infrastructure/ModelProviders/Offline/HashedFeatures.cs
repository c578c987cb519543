using AiPlatform.Infrastructure.ModelProviders.Offline.Text;
using AiPlatform.Infrastructure.Tokenizers;

namespace AiPlatform.Infrastructure.ModelProviders.Offline;

/// <summary>
/// The hashing trick: every word's stem and its runs of three characters add a signed amount to one place of the vector each. Inflections and
/// typos share most of their runs and so lie near each other; common words count less, and repeating a word helps ever less.
/// </summary>
internal static class HashedFeatures
{
    private const double RunsWeight = 0.9;
    private const double StopWordWeight = 0.1;
    private const int RunLength = 3;

    // There is no collection here to count words in, but a tokeniser's ids follow how common words are in most languages:
    // the commonest words have ids from about 200 on, and a word that is no single token is rarer than any that is.
    private const double CommonestId = 200;
    private const double RarestId = 200_000;
    private const double LeastRarity = 0.05;

    public static float[] Embed(string text, int dimensions)
    {
        var sums = new double[dimensions];
        foreach (var (word, times) in Words.Of(text).CountBy(word => word))
            AddWord(sums, word, (1 + Math.Log(times)) * RarityOf(word) * (StopWords.Contains(word) ? StopWordWeight : 1));
        var length = Math.Sqrt(sums.Sum(value => value * value));
        if (length == 0)
        {
            // No words, nothing to compare by: a fixed direction, so that it is a unit vector all the same.
            sums[0] = length = 1;
        }

        return Array.ConvertAll(sums, value => (float)(value / length));
    }

    private static void AddWord(double[] sums, string word, double amount)
    {
        var stem = Stems.Of(word);
        Add(sums, 's', stem, amount);
        if (Words.IsPair(word)) return;

        // Marked at both ends, so that beginnings and endings are told from middles. All runs of a word together weigh the same for short and long ones.
        var marked = $"^{stem}$";
        var runs = marked.Length - RunLength + 1;
        for (var i = 0; i < runs; i++) Add(sums, 'r', marked.AsSpan(i, RunLength), amount * RunsWeight / Math.Sqrt(runs));
    }

    private static double RarityOf(string word)
    {
        var id = TokenCounter.O200k.TokenOf(Words.IsPair(word) ? word : $" {word}") ?? RarestId;
        return Math.Max(LeastRarity, Math.Log(Math.Max(id, CommonestId) / CommonestId) / Math.Log(RarestId / CommonestId));
    }

    private static void Add(double[] sums, char kind, ReadOnlySpan<char> feature, double amount)
    {
        // FNV-1a with a final mix: one part of the hash chooses the place, another the sign.
        var hash = (14695981039346656037UL ^ kind) * 1099511628211UL;
        foreach (var c in feature) hash = (hash ^ c) * 1099511628211UL;
        hash ^= hash >> 32;
        hash *= 0xd6e8feb86659fd93UL;
        hash ^= hash >> 32;
        sums[(int)(hash % (ulong)sums.Length)] += (hash >> 63) == 0 ? amount : -amount;
    }
}
