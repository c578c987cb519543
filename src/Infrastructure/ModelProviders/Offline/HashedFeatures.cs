using AiPlatform.Infrastructure.ModelProviders.Offline.Text;

namespace AiPlatform.Infrastructure.ModelProviders.Offline;

/// <summary>
/// The hashing trick: every word, its stem and its runs of characters add a signed amount to a few places of the vector. Inflections and typos
/// share most of their runs and so lie near each other; common words count less, and repeating a word helps ever less.
/// </summary>
internal static class HashedFeatures
{
    private const double StemWeight = 1;
    private const double RunsWeight = 0.6;
    private const double StopWordWeight = 0.1;
    private const int RunLength = 4;

    public static float[] Embed(string text, int dimensions)
    {
        var sums = new double[dimensions];
        foreach (var (word, times) in Words.Of(text).CountBy(word => word)) AddWord(sums, word, 1 + Math.Log(times));
        var length = Math.Sqrt(sums.Sum(value => value * value));
        if (length == 0)
        {
            // Nothing to compare by: a direction of its own, so that it is still a unit vector.
            sums[0] = length = 1;
        }

        return Array.ConvertAll(sums, value => (float)(value / length));
    }

    private static void AddWord(double[] sums, string word, double amount)
    {
        if (StopWords.Contains(word)) amount *= StopWordWeight;
        var stem = Stems.Of(word);
        Add(sums, 's', stem, amount * StemWeight);
        if (Words.IsPair(word)) return;

        // Marked at both ends, so that beginnings and endings are told from middles. All runs of a word together weigh the same for short and long ones.
        var marked = $"^{stem}$";
        var runs = marked.Length - RunLength + 1;
        for (var i = 0; i < runs; i++) Add(sums, 'r', marked.AsSpan(i, RunLength), amount * RunsWeight / Math.Sqrt(runs));
    }

    private static void Add(double[] sums, char kind, ReadOnlySpan<char> feature, double amount)
    {
        var hash = 14695981039346656037UL;
        hash = (hash ^ kind) * 1099511628211UL;
        foreach (var c in feature) hash = (hash ^ c) * 1099511628211UL;
        hash ^= hash >> 32;
        hash *= 0xd6e8feb86659fd93UL;
        hash ^= hash >> 32;
        sums[(int)(hash % (ulong)sums.Length)] += (hash >> 63) == 0 ? amount : -amount;
    }
}
