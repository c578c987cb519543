using System.Globalization;
using System.Text;
using AiPlatform.Application.Inference.Contracts;
using AiPlatform.Infrastructure.Tokenizers;

namespace AiPlatform.Infrastructure.ModelProviders.Offline;

/// <summary>A whole answer before it is streamed: the pieces of its text, or of a call's arguments, and why it ends.</summary>
internal sealed record OfflineReply(IReadOnlyList<string> Pieces, string FinishReason, string? ToolName = null)
{
    private const int LongestPiece = 24;

    public static OfflineReply OfCall(string tool, string arguments) => new([.. Cut(arguments)], "tool_calls", tool);

    /// <summary>The text, ended before the first of <paramref name="stops"/> and after <paramref name="limit"/> tokens.</summary>
    public static OfflineReply OfText(string text, IReadOnlyList<string> stops, int? limit, Func<string, int> count)
    {
        var stop = stops.Where(stop => stop.Length > 0).Select(stop => text.IndexOf(stop, StringComparison.Ordinal)).Where(at => at >= 0).DefaultIfEmpty(text.Length).Min();
        var pieces = new List<string>();
        var left = limit ?? int.MaxValue;
        foreach (var piece in Cut(text[..stop]))
        {
            var tokens = limit is null ? 0 : count(piece);
            if (tokens > left)
            {
                if (Beginning(piece, left, count) is { Length: > 0 } beginning) pieces.Add(beginning);
                return new OfflineReply(pieces, "length");
            }

            left -= tokens;
            pieces.Add(piece);
        }

        return new OfflineReply(pieces, "stop");
    }

    /// <summary>Words with the space before them; long runs without spaces by a few characters at a time.</summary>
    private static IEnumerable<string> Cut(string text)
    {
        for (var at = 0; at < text.Length;)
        {
            var length = PieceSplitter.O200k(text.AsSpan(at, Math.Min(text.Length - at, LongestPiece * 2)));
            if (length > LongestPiece) length = Characters(text.AsSpan(at), LongestPiece);
            yield return text.Substring(at, length);
            at += length;
        }
    }

    private static string Beginning(string piece, int tokens, Func<string, int> count)
    {
        var end = 0;
        for (var next = Characters(piece, 1); next > end && next < piece.Length && count(piece[..next]) <= tokens; next = end + Characters(piece.AsSpan(end), 1)) end = next;
        return piece[..end];
    }

    /// <summary>As many units as make whole characters, as a reader sees them, up to <paramref name="most"/>; at least one character.</summary>
    private static int Characters(ReadOnlySpan<char> text, int most)
    {
        var end = StringInfo.GetNextTextElementLength(text);
        while (end < text.Length && StringInfo.GetNextTextElementLength(text[end..]) is var next && end + next <= most) end += next;
        return end;
    }
}
