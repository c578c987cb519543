using System.IO.Compression;
using System.Text;

namespace AiPlatform.Application.Knowledge.Extraction;

/// <summary>A document's text as it is kept: its pages and blocks, compressed.</summary>
public static class TextPayload
{
    private const byte Version = 1;

    public static byte[] Pack(ExtractedText text)
    {
        using var packed = new MemoryStream();
        packed.WriteByte(Version);
        using (var writer = new BinaryWriter(new BrotliStream(packed, CompressionLevel.Fastest, leaveOpen: true), Encoding.UTF8))
        {
            writer.Write(text.Format);
            WriteOptional(writer, text.Title);
            writer.Write7BitEncodedInt(text.Pages.Count);
            foreach (var page in text.Pages)
            {
                writer.Write7BitEncodedInt(page.Number);
                WriteOptional(writer, page.Label);
                writer.Write7BitEncodedInt(page.Blocks.Count);
                foreach (var block in page.Blocks)
                {
                    writer.Write((byte)block.Kind);
                    writer.Write((byte)block.Level);
                    writer.Write(block.Text);
                }
            }
        }

        return packed.ToArray();
    }

    public static ExtractedText Unpack(byte[] payload)
    {
        using var reader = Open(payload);
        var (format, title) = (reader.ReadString(), ReadOptional(reader));
        return new ExtractedText(format, title, [.. ReadPages(reader)]);
    }

    /// <summary>Page by page: a document may be large, and its reader wants to see a few.</summary>
    public static IEnumerable<ExtractedPage> Pages(byte[] payload)
    {
        using var reader = Open(payload);
        _ = (reader.ReadString(), ReadOptional(reader));
        foreach (var page in ReadPages(reader)) yield return page;
    }

    private static BinaryReader Open(byte[] payload)
    {
        if (payload is not [Version, ..]) throw new InvalidDataException("This text was kept by another version.");
        return new BinaryReader(new BrotliStream(new MemoryStream(payload, 1, payload.Length - 1), CompressionMode.Decompress), Encoding.UTF8);
    }

    private static IEnumerable<ExtractedPage> ReadPages(BinaryReader reader)
    {
        for (var left = reader.Read7BitEncodedInt(); left > 0; left--)
        {
            var (number, label) = (reader.Read7BitEncodedInt(), ReadOptional(reader));
            var blocks = new ExtractedBlock[reader.Read7BitEncodedInt()];
            for (var i = 0; i < blocks.Length; i++)
            {
                var (kind, level) = ((BlockKind)reader.ReadByte(), reader.ReadByte());
                blocks[i] = new ExtractedBlock(kind, reader.ReadString(), level);
            }

            yield return new ExtractedPage(number, blocks) { Label = label };
        }
    }

    private static void WriteOptional(BinaryWriter writer, string? value)
    {
        writer.Write(value is not null);
        if (value is not null) writer.Write(value);
    }

    private static string? ReadOptional(BinaryReader reader) => reader.ReadBoolean() ? reader.ReadString() : null;
}
