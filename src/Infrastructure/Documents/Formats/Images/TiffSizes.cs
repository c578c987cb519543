using System.Buffers.Binary;

namespace AiPlatform.Infrastructure.Documents.Formats.Images;

/// <summary>The sizes of a TIFF's pages, which are a chain of directories.</summary>
internal static class TiffSizes
{
    private const int WidthTag = 256;
    private const int HeightTag = 257;
    private const int EntryLength = 12;

    /// <summary>One more than <paramref name="most"/> at most. A chain that runs in a circle has too many.</summary>
    public static List<(long Width, long Height)> Of(SourceFile file, int most)
    {
        using var content = file.Open();
        var big = file.Head[0] == (byte)'M';
        var sizes = new List<(long, long)>();
        var next = (long)Number(file.Head[4..8], big);
        while (next > 0 && next + 2 < file.Length && sizes.Count <= most)
        {
            content.Position = next;
            var count = (int)Number(Take(content, 2), big);
            var entries = Take(content, count * EntryLength + 4);
            if (entries.Length < count * EntryLength + 4) break;
            long width = 0, height = 0;
            for (var entry = entries.AsSpan(); entry.Length > 4; entry = entry[EntryLength..])
            {
                // A short stands in the first two bytes of the four.
                var value = Number(entry[2..4], big) == 3 ? Number(entry[8..10], big) : Number(entry[8..12], big);
                if (Number(entry[..2], big) == WidthTag) width = value;
                if (Number(entry[..2], big) == HeightTag) height = value;
            }

            sizes.Add((width, height));
            next = Number(entries.AsSpan(^4), big);
        }

        return sizes;
    }

    private static byte[] Take(Stream content, int length)
    {
        var bytes = new byte[length];
        return bytes[..content.ReadAtLeast(bytes, length, throwOnEndOfStream: false)];
    }

    private static uint Number(ReadOnlySpan<byte> bytes, bool big) => (bytes.Length, big) switch
    {
        (2, true) => BinaryPrimitives.ReadUInt16BigEndian(bytes),
        (2, false) => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
        (4, true) => BinaryPrimitives.ReadUInt32BigEndian(bytes),
        (4, false) => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
        _ => 0,
    };
}
