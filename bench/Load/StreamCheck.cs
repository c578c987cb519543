using System.Buffers.Text;

namespace AiPlatform.Bench;

/// <summary>An API whose streams we can read: where they are asked for, what a token looks like, and what ends them.</summary>
internal sealed record Api(string Path, byte[] Token, byte[] End)
{
    public static readonly Api Chat = new("/v1/chat/completions", "\"content\":\""u8.ToArray(), "[DONE]"u8.ToArray());
    public static readonly Api Responses = new("/v1/responses", "\"delta\":\""u8.ToArray(), "\"type\":\"response.completed\""u8.ToArray());
}

/// <summary>A stream that is not what the vendor sent: tokens lost, repeated or out of order, or no end.</summary>
internal sealed class BrokenStream(string message) : Exception(message);

/// <summary>
/// Reads one stream of stamped tokens (<c>number@unix-microseconds</c>), checks that each comes once and in order, and notes how late each is.
/// </summary>
internal sealed class StreamCheck(string name, Api api, int tokens)
{
    private readonly int[] _late = new int[tokens];
    private int _next;
    private bool _ended;

    /// <summary>Microseconds between sending and arrival, by token.</summary>
    public ReadOnlySpan<int> Late => _late;

    public bool HasStarted => _next > 0;

    public static long Now => (DateTime.UtcNow - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    /// <summary>Takes what has arrived and returns how much of it made whole lines; the rest is to be given again, with more.</summary>
    public int Read(ReadOnlySpan<byte> bytes)
    {
        var now = Now;
        var consumed = 0;
        while (bytes[consumed..].IndexOf((byte)'\n') is >= 0 and var length)
        {
            ReadLine(bytes.Slice(consumed, length), now);
            consumed += length + 1;
        }

        return consumed;
    }

    public void RequireWhole()
    {
        if (_next != tokens || !_ended) throw new BrokenStream($"{name}: a stream has {_next} of {tokens} tokens and {(_ended ? "an" : "no")} end.");
    }

    private void ReadLine(ReadOnlySpan<byte> line, long now)
    {
        if (!line.StartsWith("data: "u8)) return;
        if (line.IndexOf(api.Token) is >= 0 and var at)
        {
            var text = line[(at + api.Token.Length)..].TrimStart((byte)' ');
            if (!Utf8Parser.TryParse(text, out int number, out var digits)) return;
            if (number != _next || _ended) throw new BrokenStream($"{name}: token {number} came in the place of token {_next}.");
            if (!Utf8Parser.TryParse(text[(digits + 1)..], out long sent, out _)) throw new BrokenStream($"{name}: token {number} has no stamp.");
            _late[_next++] = (int)(now - sent);
        }
        else if (line.IndexOf(api.End) >= 0) _ended = true;
    }
}
