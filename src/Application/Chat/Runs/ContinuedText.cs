using AiPlatform.Application.Chat.Answers;

namespace AiPlatform.Application.Chat.Runs;

/// <summary>
/// What of a model's words is shown: without markers of citations, and without what a model that goes on says again. A citation in a repeated stretch is
/// dropped with it, one in a stretch that is still held back waits.
/// </summary>
internal sealed class ContinuedText(OverlapTrimmer? trimmer, CitedAnswer? citations)
{
    private readonly List<(int Position, CitedPiece Piece)> _waiting = [];

    // Letters that have come, without markers.
    private int _come;

    public IEnumerable<CitedPiece> Accept(string text) => Trimmed(citations is null ? [new CitedPiece(text, null)] : citations.Accept(text));

    /// <summary>Nothing more comes.</summary>
    public IEnumerable<CitedPiece> Flush()
    {
        List<CitedPiece> last = [.. Trimmed(citations?.Flush() ?? [])];
        if (trimmer?.Flush() is { } held) last.AddRange(WithWaiting(held));
        return last;
    }

    private IEnumerable<CitedPiece> Trimmed(IEnumerable<CitedPiece> pieces)
    {
        if (trimmer is null) return pieces;
        var news = new List<CitedPiece>();
        foreach (var piece in pieces)
        {
            if (piece.Citation is not null) _waiting.Add((_come, piece));
            _come += piece.Text.Length;
            if (piece.Citation is null || !trimmer.IsHolding) news.AddRange(WithWaiting(trimmer.Accept(piece.Text)));
        }

        return news;
    }

    /// <summary>The text that is let through now, with the citations that stand in it.</summary>
    private List<CitedPiece> WithWaiting(string text)
    {
        var result = new List<CitedPiece>();
        if (trimmer!.IsHolding)
        {
            if (text.Length > 0) result.Add(new CitedPiece(text, null));
            return result;
        }

        // What was let through is the end of what has come: all before it was a repetition.
        var (first, at) = (_come - text.Length, 0);
        foreach (var (position, piece) in _waiting)
        {
            if (position < first) continue;
            if (position - first > at) result.Add(new CitedPiece(text[at..(position - first)], null));
            at = Math.Max(at, position - first);
            result.Add(piece);
        }

        if (at < text.Length) result.Add(new CitedPiece(text[at..], null));
        _waiting.Clear();
        return result;
    }
}
