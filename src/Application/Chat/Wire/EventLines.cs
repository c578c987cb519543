using System.Buffers.Text;
using System.IO.Compression;
using System.Text;
using AiPlatform.Application.Common;

namespace AiPlatform.Application.Chat.Wire;

/// <summary>Events as the log keeps them: the JSON that clients get, one event a line, compressed once the response is final.</summary>
internal static class EventLines
{
    private const byte End = (byte)'\n';

    // What ResponseEventJson begins every event with.
    private static ReadOnlySpan<byte> BeforeType => "{\"type\":\""u8;
    private static ReadOnlySpan<byte> BeforeSequence => "\",\"sequence_number\":"u8;

    public static byte[] Join(IReadOnlyList<WireEvent> events)
    {
        var lines = new byte[events.Sum(@event => @event.Json.Length + 1)];
        var at = 0;
        foreach (var @event in events)
        {
            @event.Json.Span.CopyTo(lines.AsSpan(at));
            at += @event.Json.Length;
            lines[at++] = End;
        }

        return lines;
    }

    public static byte[] Compress(IEnumerable<WireEvent> events)
    {
        using var compressed = new MemoryStream();
        // In one piece: this level sees no repetition from one write to the next.
        using (var brotli = new BrotliStream(compressed, CompressionLevel.Fastest)) brotli.Write(Join([.. events]));
        return compressed.ToArray();
    }

    public static IEnumerable<WireEvent> Split(LogSegment segment)
    {
        var lines = segment.IsCompressed ? Decompress(segment.Payload) : segment.Payload;
        while (lines.Span.IndexOf(End) is >= 0 and var length)
        {
            yield return Read(lines[..length]);
            lines = lines[(length + 1)..];
        }
    }

    private static ReadOnlyMemory<byte> Decompress(ReadOnlyMemory<byte> payload)
    {
        using var compressed = new MemoryStream(payload.ToArray(), writable: false);
        using var brotli = new BrotliStream(compressed, CompressionMode.Decompress);
        using var lines = new MemoryStream(payload.Length * 8);
        brotli.CopyTo(lines);
        return lines.GetBuffer().AsMemory(0, (int)lines.Length);
    }

    private static WireEvent Read(ReadOnlyMemory<byte> json)
    {
        var type = json.Span[BeforeType.Length..];
        type = type[..type.IndexOf((byte)'"')];
        var number = json.Span[(BeforeType.Length + type.Length + BeforeSequence.Length)..];
        if (!json.Span.StartsWith(BeforeType) || !Utf8Parser.TryParse(number, out long sequence, out _))
            throw new InvalidDataException("A line of the event log does not begin with its type and sequence number.");
        return new WireEvent(Encoding.UTF8.GetString(type), json, sequence);
    }
}

/// <summary>A stretch of the log, as it is stored.</summary>
public sealed record LogSegment(ReadOnlyMemory<byte> Payload, bool IsCompressed);
