using AiPlatform.Application.Knowledge.Search.Segments;
using MediatR;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Application.Knowledge.Search;

/// <summary>
/// Merges the segments of all stores where there are many, and clears those of what is gone. Nobody waits for it: segments are read without being locked, and exchanged in one transaction; where
/// one has changed meanwhile nothing happens, and the next run tries again. Returns how many were merged.
/// </summary>
public sealed record MergeSegments : IRequest<int>;

internal sealed partial class MergeSegmentsHandler(ISegmentMerging store, ILogger<MergeSegmentsHandler> log) : IRequestHandler<MergeSegments, int>
{
    // The share of a store's chunks that may be gone before segments are cleared of them.
    private const double MostGone = 0.1;

    public async Task<int> Handle(MergeSegments request, CancellationToken cancellationToken)
    {
        var merged = 0;
        foreach (var found in await store.FindStoresAsync(MergePlan.Enough, cancellationToken))
        {
            var before = merged;
            while (await MergeAsync(found, MergePlan.Next(await store.ListAsync(found.VectorStoreId, cancellationToken)), cancellationToken) is > 0 and var some) merged += some;
            merged += await ClearAsync(found, cancellationToken);
            if (merged > before) LogMerged(log, merged - before, found.VectorStoreId.Value);
        }

        return merged;
    }

    private async Task<int> MergeAsync(MergeableStore found, IReadOnlyList<long> segments, CancellationToken cancellationToken)
    {
        if (segments.Count == 0 || await store.ReadAsync(segments, cancellationToken) is not { } read) return 0;
        var alive = await store.AliveAsync([.. read.SelectMany(segment => SegmentHeader.Unpack(segment.Header).Files).Distinct()], cancellationToken);
        return await store.ReplaceAsync(found, segments, SegmentMerge.Merge(read, alive), cancellationToken) ? segments.Count : 0;
    }

    private async Task<int> ClearAsync(MergeableStore found, CancellationToken cancellationToken)
    {
        var gone = await store.GoneAsync(found.VectorStoreId, cancellationToken);
        if (gone.Count == 0) return 0;
        var segments = await store.ListAsync(found.VectorStoreId, cancellationToken);
        if (gone.Values.Sum() < MostGone * segments.Sum(segment => segment.Chunks)) return 0;
        var cleared = 0;
        foreach (var segment in segments.Where(segment => !segment.IsOfOneFile))
        {
            if (await store.ReadAsync([segment.Id], cancellationToken) is not [var read]) return cleared;
            if (!SegmentHeader.Unpack(read.Header).Files.Any(gone.ContainsKey)) continue;
            if (await MergeAsync(found, [segment.Id], cancellationToken) == 0) return cleared;
            cleared++;
        }

        await store.ForgetAsync([.. gone.Keys], cancellationToken);
        return cleared;
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Merged {Segments} segments of the words of store {Store}")]
    private static partial void LogMerged(ILogger log, int segments, Guid store);
}
