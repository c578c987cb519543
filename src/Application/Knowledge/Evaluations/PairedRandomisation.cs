namespace AiPlatform.Application.Knowledge.Evaluations;

/// <summary>
/// Whether two evaluations of the same questions differ by more than chance. If it made no difference which of the two answered, each question's difference might as well have the other sign:
/// signs are drawn at random many times, and <c>p</c> is how often the sum is at least as large as the one seen. The seed is fixed: the same figures give the same answer.
/// </summary>
internal static class PairedRandomisation
{
    private const int MostTrials = 10_000;
    private const int FewestTrials = 1_000;
    private const long MostDraws = 20_000_000;
    private const ulong Seed = 0x9E3779B97F4A7C15;
    private const double Rounding = 1e-9;

    public static double PValue(IEnumerable<double> differences)
    {
        // Those that are 0 stay so.
        double[] all = [.. differences.Where(difference => Math.Abs(difference) > Rounding)];
        if (all.Length == 0) return 1;
        var seen = Math.Abs(all.Sum()) - Rounding;
        var trials = (int)Math.Clamp(MostDraws / all.Length, FewestTrials, MostTrials);
        var state = Seed;
        var asExtreme = 0;
        for (var trial = 0; trial < trials; trial++)
        {
            double sum = 0;
            ulong signs = 0;
            for (var i = 0; i < all.Length; i++)
            {
                signs = i % 64 == 0 ? Next(ref state) : signs >> 1;
                sum += (signs & 1) == 0 ? all[i] : -all[i];
            }

            if (Math.Abs(sum) >= seen) asExtreme++;
        }

        // The one that was seen is among the possible ones.
        return (asExtreme + 1.0) / (trials + 1);
    }

    /// <summary>SplitMix64: the same numbers on every machine and in every version.</summary>
    private static ulong Next(ref ulong state)
    {
        var mixed = state += 0x9E3779B97F4A7C15;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }
}
