using System.Buffers;
using AiPlatform.Application.Knowledge.Search.Segments;
using AiPlatform.Domain.Knowledge;

namespace AiPlatform.Application.Knowledge.Search.Ranking;

/// <summary>BM25 of every chunk that has a word of the query, segment by segment.</summary>
internal sealed class FirstRound(IReadOnlyList<WeighedTerm> terms, Statistics statistics, IReadOnlySet<VectorStoreFileId>? files)
{
    /// <summary>The best chunks, best first.</summary>
    public List<long> Best(IReadOnlyList<OpenSegment> segments, int most)
    {
        var best = new PriorityQueue<long, (float Score, long Older)>();
        foreach (var segment in segments) Score(segment, best, most);
        var chunks = new List<long>(best.Count);
        while (best.TryDequeue(out var chunk, out _)) chunks.Add(chunk);
        chunks.Reverse();
        return chunks;
    }

    private void Score(OpenSegment segment, PriorityQueue<long, (float, long)> best, int most)
    {
        var header = segment.Header;
        var wanted = files is null ? null : Array.ConvertAll(header.Files, file => files.Contains(new VectorStoreFileId(file)));
        if (wanted is not null && !wanted.Contains(true)) return;
        var count = header.Chunks.Length;
        var (scores, frequencies) = (ArrayPool<float>.Shared.Rent(count), ArrayPool<int>.Shared.Rent(count));
        try
        {
            Array.Clear(scores, 0, count);
            Array.Clear(frequencies, 0, count);
            foreach (var term in terms) Add(segment, term, scores, frequencies);
            for (var place = 0; place < count; place++)
            {
                if (scores[place] <= 0 || (wanted is not null && !wanted[header.FileOf[place]])) continue;
                var rank = (scores[place], -header.Chunks[place]);
                if (best.Count < most) best.Enqueue(header.Chunks[place], rank);
                else if (best.TryPeek(out _, out var worst) && rank.CompareTo(worst) > 0) best.DequeueEnqueue(header.Chunks[place], rank);
            }
        }
        finally
        {
            ArrayPool<float>.Shared.Return(scores);
            ArrayPool<int>.Shared.Return(frequencies);
        }
    }

    private void Add(OpenSegment segment, WeighedTerm term, float[] scores, int[] frequencies)
    {
        var (lengths, weight) = (segment.Header.Lengths, (float)term.Weight);
        if (term.Term.Variants is [var only])
        {
            for (var postings = segment.Find(only).Read(); postings.MoveNext();)
                scores[postings.Place] += weight * postings.Frequency / (postings.Frequency + statistics.Norm(lengths[postings.Place]));
            return;
        }

        // Variants of a word are one word.
        foreach (var variant in term.Term.Variants)
            for (var postings = segment.Find(variant).Read(); postings.MoveNext();) frequencies[postings.Place] += postings.Frequency;
        foreach (var variant in term.Term.Variants)
        {
            for (var postings = segment.Find(variant).Read(); postings.MoveNext();)
            {
                ref var frequency = ref frequencies[postings.Place];
                if (frequency > 0) scores[postings.Place] += weight * frequency / (frequency + statistics.Norm(lengths[postings.Place]));
                frequency = 0;
            }
        }
    }
}
