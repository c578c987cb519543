using System.Buffers.Binary;

namespace AiPlatform.Infrastructure.Documents.Formats.Images;

/// <summary>Width and height as the header of a picture says them; null when it says none.</summary>
internal static class ImageSize
{
    private const int MostJpegSegments = 2000;

    public static (long Width, long Height)? Of(SourceFile file, DocumentFormat format)
    {
        var head = file.Head;
        return format switch
        {
            DocumentFormat.Png when head.Length >= 24 => (BinaryPrimitives.ReadUInt32BigEndian(head[16..]), BinaryPrimitives.ReadUInt32BigEndian(head[20..])),
            DocumentFormat.Gif when head.Length >= 10 => (BinaryPrimitives.ReadUInt16LittleEndian(head[6..]), BinaryPrimitives.ReadUInt16LittleEndian(head[8..])),
            DocumentFormat.Bmp when head.Length >= 26 => (Math.Abs((long)BinaryPrimitives.ReadInt32LittleEndian(head[18..])), Math.Abs((long)BinaryPrimitives.ReadInt32LittleEndian(head[22..]))),
            DocumentFormat.Webp when head.Length >= 30 => Webp(head),
            DocumentFormat.Jpeg => Jpeg(file),
            _ => null,
        };
    }

    private static (long, long)? Webp(ReadOnlySpan<byte> head)
    {
        var chunk = head[12..16];
        if (chunk.SequenceEqual("VP8X"u8)) return (1 + (head[24] | head[25] << 8 | head[26] << 16), 1 + (head[27] | head[28] << 8 | head[29] << 16));
        if (chunk.SequenceEqual("VP8 "u8)) return (BinaryPrimitives.ReadUInt16LittleEndian(head[26..]) & 0x3FFF, BinaryPrimitives.ReadUInt16LittleEndian(head[28..]) & 0x3FFF);
        if (!chunk.SequenceEqual("VP8L"u8)) return null;
        var bits = BinaryPrimitives.ReadUInt32LittleEndian(head[21..]);
        return (1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF));
    }

    /// <summary>From segment to segment up to the one that begins a frame.</summary>
    private static (long, long)? Jpeg(SourceFile file)
    {
        using var content = file.Open();
        Span<byte> header = stackalloc byte[9];
        var position = 2L;
        for (var segments = 0; segments < MostJpegSegments; segments++)
        {
            content.Position = position;
            if (content.ReadAtLeast(header, 9, throwOnEndOfStream: false) < 9 || header[0] != 0xFF) return null;
            if (header[1] == 0xFF)
            {
                position++;
                continue;
            }

            // Start of frame, of any kind of coding; the others in this range are tables.
            if (header[1] is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
                return (BinaryPrimitives.ReadUInt16BigEndian(header[7..]), BinaryPrimitives.ReadUInt16BigEndian(header[5..]));
            position += 2 + BinaryPrimitives.ReadUInt16BigEndian(header[2..]);
        }

        return null;
    }
}
