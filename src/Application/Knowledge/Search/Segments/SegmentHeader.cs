namespace AiPlatform.Application.Knowledge.Search.Segments;

/// <summary>The chunks of a segment with their lengths and files, and the first term of each of its blocks.</summary>
internal sealed class SegmentHeader
{
    public required long[] Chunks { get; init; }

    /// <summary>In terms, as far as they count.</summary>
    public required int[] Lengths { get; init; }

    /// <summary>Of each chunk, its file's place in <see cref="Files"/>.</summary>
    public required int[] FileOf { get; init; }

    public required Guid[] Files { get; init; }
    public required long[] FirstTerms { get; init; }

    /// <summary>The block a term would be in; negative where it cannot be in any.</summary>
    public int BlockOf(long term)
    {
        var found = Array.BinarySearch(FirstTerms, term);
        return found >= 0 ? found : ~found - 1;
    }

    /// <summary>About what it takes in memory.</summary>
    public int Bytes => (Chunks.Length * 16) + (Files.Length * 16) + (FirstTerms.Length * 8) + 100;

    public byte[] Pack()
    {
        var writer = new ByteWriter(64 + (Chunks.Length * 6) + (Files.Length * 16) + (FirstTerms.Length * 6));
        writer.Number(Files.Length);
        foreach (var file in Files) writer.Bytes(file.ToByteArray(bigEndian: true));
        writer.Number(Chunks.Length);
        var (chunk, of) = (0L, 0);
        for (var i = 0; i < Chunks.Length; i++)
        {
            writer.Signed(Chunks[i] - chunk);
            writer.Signed(FileOf[i] - of);
            writer.Number(Lengths[i]);
            (chunk, of) = (Chunks[i], FileOf[i]);
        }

        writer.Number(FirstTerms.Length);
        var term = 0L;
        foreach (var first in FirstTerms)
        {
            writer.Number(first - term);
            term = first;
        }

        return writer.ToArray();
    }

    public static SegmentHeader Unpack(ReadOnlySpan<byte> packed)
    {
        var reader = new ByteReader(packed);
        var files = new Guid[reader.Int()];
        for (var i = 0; i < files.Length; i++) files[i] = new Guid(reader.Bytes(16), bigEndian: true);
        var count = reader.Int();
        var (chunks, lengths, fileOf) = (new long[count], new int[count], new int[count]);
        var (chunk, of) = (0L, 0);
        for (var i = 0; i < count; i++)
        {
            chunks[i] = chunk += reader.Signed();
            fileOf[i] = of += (int)reader.Signed();
            lengths[i] = reader.Int();
        }

        var firstTerms = new long[reader.Int()];
        var term = 0L;
        for (var i = 0; i < firstTerms.Length; i++) firstTerms[i] = term += reader.Number();
        return new SegmentHeader { Chunks = chunks, Lengths = lengths, FileOf = fileOf, Files = files, FirstTerms = firstTerms };
    }
}
