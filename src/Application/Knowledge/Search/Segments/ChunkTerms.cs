using System.Text;
using AiPlatform.Application.Knowledge.Search.Analysis;

namespace AiPlatform.Application.Knowledge.Search.Segments;

/// <summary>
/// What is kept with a chunk: its terms in their order, and the languages of its document. For what depends on order and neighbours, and to build segments from. Each distinct term is written
/// once, the order as their numbers.
/// </summary>
internal sealed record ChunkTerms(IReadOnlyList<string> Languages, TermSequence Terms)
{
    public static byte[] Pack(IReadOnlyList<string> languages, TermSequence terms)
    {
        var writer = new ByteWriter(512);
        writer.Byte(TextAnalysis.Version);
        writer.Number(languages.Count);
        foreach (var language in languages)
        {
            writer.Number(language.Length);
            writer.Bytes(Encoding.ASCII.GetBytes(language));
        }

        long[] distinct = [.. terms.All.Select(placed => placed.Term).Distinct().Order()];
        writer.Number(distinct.Length);
        var before = 0L;
        foreach (var term in distinct)
        {
            writer.Number(term - before);
            before = term;
        }

        writer.Number(terms.Headings.Count);
        writer.Number(terms.Body.Count);
        var position = 0;
        foreach (var placed in terms.All)
        {
            writer.Number(placed.Position - position);
            writer.Number(Array.BinarySearch(distinct, placed.Term));
            position = placed.Position;
        }

        return writer.ToArray();
    }

    /// <summary>The version of the analysis that made them.</summary>
    public static int VersionOf(ReadOnlySpan<byte> packed) => packed[0];

    public static ChunkTerms Unpack(ReadOnlySpan<byte> packed)
    {
        var reader = new ByteReader(packed);
        reader.Byte();
        var languages = new string[reader.Int()];
        for (var i = 0; i < languages.Length; i++) languages[i] = Encoding.ASCII.GetString(reader.Bytes(reader.Int()));
        var distinct = new long[reader.Int()];
        var term = 0L;
        for (var i = 0; i < distinct.Length; i++) distinct[i] = term += reader.Number();
        var (headings, body) = (new PlacedTerm[reader.Int()], new PlacedTerm[reader.Int()]);
        var position = 0;
        Read(ref reader, headings, distinct, ref position);
        Read(ref reader, body, distinct, ref position);
        return new ChunkTerms(languages, new TermSequence(headings, body));
    }

    private static void Read(ref ByteReader reader, PlacedTerm[] to, long[] distinct, ref int position)
    {
        for (var i = 0; i < to.Length; i++)
        {
            position += reader.Int();
            to[i] = new PlacedTerm(position, distinct[reader.Int()]);
        }
    }
}
