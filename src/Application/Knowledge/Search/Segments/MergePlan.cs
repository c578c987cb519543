namespace AiPlatform.Application.Knowledge.Search.Segments;

/// <summary>
/// Which segments are to be merged: those of about the same size, once there are enough of them. So a chunk is written anew only a handful of times, however many come, and a search looks
/// into a few dozen segments at most.
/// </summary>
internal static class MergePlan
{
    /// <summary>How many of a size are enough.</summary>
    public const int Enough = 8;

    /// <summary>A segment of so many chunks is not merged any more.</summary>
    public const int Full = 8192;

    private const int SmallestTier = 16;

    /// <summary>The next segments to merge; none when they are well as they are.</summary>
    public static IReadOnlyList<long> Next(IReadOnlyCollection<MergeableSegment> segments)
    {
        foreach (var tier in segments.Where(segment => segment.Chunks < Full).GroupBy(segment => TierOf(segment.Chunks)).OrderBy(tier => tier.Key))
        {
            if (tier.Count() < Enough) continue;
            var (chosen, chunks) = (new List<long>(), 0);
            foreach (var segment in tier.OrderBy(segment => segment.Chunks).ThenBy(segment => segment.Id))
            {
                if (chosen.Count >= 2 && chunks + segment.Chunks > Full * 2) break;
                chosen.Add(segment.Id);
                chunks += segment.Chunks;
            }

            return chosen;
        }

        return [];
    }

    // Each eight times as large as the one before.
    private static int TierOf(int chunks)
    {
        var tier = 0;
        for (var most = SmallestTier; chunks >= most; most *= Enough) tier++;
        return tier;
    }
}
