using AiPlatform.Application.Knowledge.Search.Analysis;
using AiPlatform.Application.Knowledge.Search.Segments;
using AiPlatform.Domain.Knowledge;

namespace AiPlatform.Application.Tests.Knowledge.Search.Lexical;

public sealed class SegmentTests
{
    [Fact]
    public void Numbers_are_read_as_they_were_written()
    {
        var random = new Random(1);
        long[] numbers = [0, 1, 127, 128, 1L << 40, long.MaxValue, .. Enumerable.Range(0, 1000).Select(_ => random.NextInt64() >> random.Next(63))];
        var writer = new ByteWriter(1);
        foreach (var number in numbers)
        {
            writer.Number(number);
            writer.Signed(-number);
        }

        var reader = new ByteReader(writer.Written);
        foreach (var number in numbers) (reader.Number(), reader.Signed()).ShouldBe((number, -number));
        reader.IsAtEnd.ShouldBeTrue();
    }

    [Fact]
    public void Terms_of_a_chunk_are_read_as_they_were_written()
    {
        var random = new Random(2);
        for (var i = 0; i < 50; i++)
        {
            var terms = RandomTerms(random, 300);
            var read = ChunkTerms.Unpack(ChunkTerms.Pack(["en", "hi"], terms));
            read.Languages.ShouldBe(["en", "hi"]);
            read.Terms.Headings.ShouldBe(terms.Headings);
            read.Terms.Body.ShouldBe(terms.Body);
        }
    }

    [Fact]
    public void A_segment_tells_of_every_term_where_and_how_often_it_occurs()
    {
        var random = new Random(3);
        var (segment, chunks) = RandomSegment(random, 200, firstChunk: 1000);
        segment.Blocks.Count.ShouldBeGreaterThan(3);

        ShouldTell(segment, chunks);
    }

    [Fact]
    public void A_merged_segment_is_what_would_have_been_built_of_the_chunks_that_are_left()
    {
        var random = new Random(4);
        var parts = Enumerable.Range(0, 5).Select(i => RandomSegment(random, 1 + random.Next(80), firstChunk: 1000 * (5 - i))).ToList();
        var all = parts.SelectMany(part => part.Chunks).ToList();
        var alive = all.Select(chunk => chunk.File.Value).Distinct().Where(_ => random.Next(3) > 0).ToHashSet();

        var merged = SegmentMerge.Merge([.. parts.Select(part => part.Segment)], alive)!;

        ShouldTell(merged, [.. all.Where(chunk => alive.Contains(chunk.File.Value))]);
        SegmentMerge.Merge([merged], new HashSet<Guid>()).ShouldBeNull();
        // Merging is not lossy in any order.
        var steps = SegmentMerge.Merge([SegmentMerge.Merge([parts[0].Segment, parts[1].Segment], alive)!, .. parts.Skip(2).Select(part => part.Segment)], alive)!;
        steps.Blocks.Select(Convert.ToHexString).ShouldBe(merged.Blocks.Select(Convert.ToHexString));
    }

    [Fact]
    public void Merging_goes_on_until_a_store_has_few_segments_and_writes_a_chunk_a_handful_of_times()
    {
        var (segments, next, written, chunks) = (new List<MergeableSegment>(), 0L, 0L, 0L);
        for (var file = 0; file < 20_000; file++)
        {
            segments.Add(new MergeableSegment(next++, 3, IsOfOneFile: true));
            chunks += 3;
            // Merged now and then, as by a job.
            if (file % 37 != 0) continue;
            while (MergePlan.Next(segments) is { Count: > 0 } chosen)
            {
                var size = segments.Where(segment => chosen.Contains(segment.Id)).Sum(segment => segment.Chunks);
                segments.RemoveAll(segment => chosen.Contains(segment.Id));
                segments.Add(new MergeableSegment(next++, size, IsOfOneFile: false));
                written += size;
            }
        }

        segments.Count.ShouldBeLessThan(60);
        segments.Max(segment => segment.Chunks).ShouldBeLessThanOrEqualTo(MergePlan.Full * 2);
        ((double)written / chunks).ShouldBeLessThan(6);
    }

    private static TermSequence RandomTerms(Random random, int vocabulary)
    {
        var position = 0;
        List<PlacedTerm> Some(int most) => [.. Enumerable.Range(0, random.Next(most)).Select(_ => new PlacedTerm(position += random.Next(3), Term.Of($"word{random.Next(1 + random.Next(vocabulary))}")))];
        return new TermSequence(Some(6), Some(60));
    }

    private static (Segment Segment, List<Chunk> Chunks) RandomSegment(Random random, int count, long firstChunk)
    {
        var (builder, chunks, file) = (new SegmentBuilder(), new List<Chunk>(), new VectorStoreFileId(Guid.NewGuid()));
        for (var i = 0; i < count; i++)
        {
            if (random.Next(3) == 0) file = new VectorStoreFileId(Guid.NewGuid());
            var chunk = new Chunk(firstChunk + i, file, RandomTerms(random, 3000));
            chunks.Add(chunk);
            builder.Add(chunk.Id, file, new ChunkTerms(["en"], chunk.Terms));
        }

        return (builder.Build(), chunks);
    }

    private static void ShouldTell(Segment segment, List<Chunk> chunks)
    {
        var header = SegmentHeader.Unpack(segment.Header);
        (segment.Chunks, segment.Length).ShouldBe((chunks.Count, chunks.Sum(chunk => chunk.Terms.All.LongCount())));
        header.Chunks.ShouldBe(chunks.Select(chunk => chunk.Id));
        header.FileOf.Select(file => header.Files[file]).ShouldBe(chunks.Select(chunk => chunk.File.Value));
        var open = new OpenSegment(new SegmentInfo(1, default, segment.Chunks, segment.Length, []), header);
        for (var i = 0; i < segment.Blocks.Count; i++) open.Take(i, segment.Blocks[i]);
        foreach (var term in chunks.SelectMany(chunk => chunk.Terms.All).Select(placed => placed.Term).Distinct())
        {
            var found = new List<(long, int)>();
            for (var postings = open.Find(term).Read(); postings.MoveNext();) found.Add((header.Chunks[postings.Place], postings.Frequency));
            found.ShouldBe(chunks
                .Select(chunk => (chunk.Id, (chunk.Terms.Headings.Count(placed => placed.Term == term) * SegmentBuilder.HeadingWeight) + chunk.Terms.Body.Count(placed => placed.Term == term)))
                .Where(chunk => chunk.Item2 > 0));
        }

        open.Find(Term.Of("nowhere")).Count.ShouldBe(0);
    }

    private sealed record Chunk(long Id, VectorStoreFileId File, TermSequence Terms);
}
