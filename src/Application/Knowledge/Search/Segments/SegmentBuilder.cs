using System.Runtime.InteropServices;
using AiPlatform.Domain.Knowledge;

namespace AiPlatform.Application.Knowledge.Search.Segments;

/// <summary>Builds a segment from chunks, one after the other.</summary>
internal sealed class SegmentBuilder
{
    /// <summary>What a term in a heading counts beside one in the text.</summary>
    public const int HeadingWeight = 2;

    private readonly List<long> _chunks = [];
    private readonly List<int> _lengths = [];
    private readonly List<int> _fileOf = [];
    private readonly List<Guid> _files = [];
    private readonly SortedSet<string> _languages = new(StringComparer.Ordinal);
    private readonly Dictionary<long, List<(int Place, int Frequency)>> _postings = [];

    public int Count => _chunks.Count;

    public void Add(long chunk, VectorStoreFileId file, ChunkTerms terms)
    {
        if (_files.Count == 0 || _files[^1] != file.Value) _files.Add(file.Value);
        var place = _chunks.Count;
        _chunks.Add(chunk);
        _fileOf.Add(_files.Count - 1);
        _languages.UnionWith(terms.Languages);
        var frequencies = new Dictionary<long, int>();
        foreach (var placed in terms.Terms.Headings) CollectionsMarshal.GetValueRefOrAddDefault(frequencies, placed.Term, out _) += HeadingWeight;
        foreach (var placed in terms.Terms.Body) CollectionsMarshal.GetValueRefOrAddDefault(frequencies, placed.Term, out _)++;
        _lengths.Add(terms.Terms.Headings.Count + terms.Terms.Body.Count);
        foreach (var (term, frequency) in frequencies)
        {
            ref var list = ref CollectionsMarshal.GetValueRefOrAddDefault(_postings, term, out _);
            (list ??= new(1)).Add((place, frequency));
        }
    }

    public Segment Build()
    {
        var (blocks, postings) = (new BlockWriter(), new ByteWriter());
        foreach (var (term, places) in _postings.OrderBy(entry => entry.Key))
        {
            postings.Clear();
            var before = -1;
            foreach (var (place, frequency) in places)
            {
                Postings.Write(postings, place - before, frequency);
                before = place;
            }

            blocks.Add(term, places.Count, postings.Written);
        }

        blocks.Close();
        var header = new SegmentHeader { Chunks = [.. _chunks], Lengths = [.. _lengths], FileOf = [.. _fileOf], Files = [.. _files], FirstTerms = [.. blocks.FirstTerms] };
        return new Segment(_chunks.Count, _lengths.Sum(length => (long)length), [.. _languages], header.Pack(), blocks.Blocks);
    }
}
