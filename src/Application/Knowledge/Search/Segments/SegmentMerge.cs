namespace AiPlatform.Application.Knowledge.Search.Segments;

/// <summary>Makes one segment of several, without the chunks of files that are gone: term by term, so that it takes little more memory than the result.</summary>
internal static class SegmentMerge
{
    /// <summary>Null when nothing is left.</summary>
    public static Segment? Merge(IReadOnlyList<Segment> segments, IReadOnlySet<Guid> alive)
    {
        var (files, chunks, lengths, fileOf) = (new List<Guid>(), new List<long>(), new List<int>(), new List<int>());
        var places = new List<int[]>(segments.Count);
        foreach (var segment in segments)
        {
            var header = SegmentHeader.Unpack(segment.Header);
            var (place, file) = (new int[header.Chunks.Length], -1);
            for (var i = 0; i < place.Length; i++)
            {
                if (!alive.Contains(header.Files[header.FileOf[i]]))
                {
                    place[i] = -1;
                    continue;
                }

                if (i == 0 || file < 0 || files[^1] != header.Files[header.FileOf[i]]) files.Add(header.Files[header.FileOf[i]]);
                file = files.Count - 1;
                place[i] = chunks.Count;
                chunks.Add(header.Chunks[i]);
                lengths.Add(header.Lengths[i]);
                fileOf.Add(file);
            }

            places.Add(place);
        }

        if (chunks.Count == 0) return null;
        var blocks = MergeTerms(segments, places);
        var merged = new SegmentHeader { Chunks = [.. chunks], Lengths = [.. lengths], FileOf = [.. fileOf], Files = [.. files], FirstTerms = [.. blocks.FirstTerms] };
        return new Segment(chunks.Count, lengths.Sum(length => (long)length), [.. segments.SelectMany(segment => segment.Languages).Distinct().Order(StringComparer.Ordinal)], merged.Pack(), blocks.Blocks);
    }

    private static BlockWriter MergeTerms(IReadOnlyList<Segment> segments, List<int[]> places)
    {
        var (blocks, postings) = (new BlockWriter(), new ByteWriter());
        // The next term of each segment; of equal ones the earlier segment first, so that places go up.
        var next = new PriorityQueue<Cursor, (long, int)>();
        for (var i = 0; i < segments.Count; i++)
            if (new Cursor(segments[i].Blocks, i) is var cursor && cursor.MoveNext()) next.Enqueue(cursor, (cursor.Term, i));
        while (next.TryPeek(out var first, out _))
        {
            var term = first.Term;
            var (count, before) = (0, -1);
            postings.Clear();
            while (next.TryPeek(out var cursor, out _) && cursor.Term == term)
            {
                for (var old = cursor.Read(); old.MoveNext();)
                {
                    var place = places[cursor.Index][old.Place];
                    if (place < 0) continue;
                    Postings.Write(postings, place - before, old.Frequency);
                    before = place;
                    count++;
                }

                next.Dequeue();
                if (cursor.MoveNext()) next.Enqueue(cursor, (cursor.Term, cursor.Index));
            }

            if (count > 0) blocks.Add(term, count, postings.Written);
        }

        blocks.Close();
        return blocks;
    }

    /// <summary>Goes through the terms of a segment.</summary>
    private sealed class Cursor(IReadOnlyList<byte[]> blocks, int index)
    {
        private int _block;
        private int _at;
        private TermPostings _postings;

        public int Index => index;

        public long Term { get; private set; }

        public Postings Read() => _postings.Read();

        public bool MoveNext()
        {
            if (_block < blocks.Count && _at == blocks[_block].Length) (_block, _at) = (_block + 1, 0);
            if (_block == blocks.Count) return false;
            var reader = new ByteReader(blocks[_block].AsSpan(_at));
            Term = (_at == 0 ? 0 : Term) + reader.Number();
            var (count, length) = (reader.Int(), reader.Int());
            _postings = new TermPostings(blocks[_block], _at + reader.At, length, count);
            _at += reader.At + length;
            return true;
        }
    }
}
