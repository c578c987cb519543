using System.Text;

namespace AiPlatform.Application.Chat.Runs;

/// <summary>
/// Between a continued answer and its first part: takes away what a model says again instead of going on, be it the whole answer from its start or the last
/// words before the cut. Holds back what could still be such a repetition.
/// </summary>
/// <param name="said">The first part.</param>
/// <param name="shown">How much of it the model was shown as the beginning of its own answer; it goes on with the white space after that.</param>
internal sealed class OverlapTrimmer(string said, int shown)
{
    /// <summary>Fewer characters in common are chance, not repetition.</summary>
    private const int LeastOverlap = 20;

    /// <summary>The same for an answer that begins with all that was said: that is rarely chance.</summary>
    private const int LeastStartOver = 8;

    private const int MostOverlap = 200;

    /// <summary>
    /// Whether the model was asked to go on. One that goes on with its own beginning does not repeat its last words; what looks like it is a table, a refrain.
    /// </summary>
    public bool IsAsked { get; init; } = true;

    /// <summary>Whether what comes may still be a repetition.</summary>
    public bool IsHolding => !_isDecided;

    private readonly StringBuilder _held = new();
    private readonly string _end = said.Length <= MostOverlap ? said : said[^MostOverlap..];
    private int _whiteSpaceAt = shown;
    private bool _isDecided = said.Length < LeastStartOver;

    /// <summary>Takes what the model says, and returns what of it is news.</summary>
    public string Accept(string text)
    {
        text = WithoutWhiteSpace(text);
        if (_isDecided || text.Length == 0) return text;
        _held.Append(text);
        var held = _held.ToString();
        return MayRepeat(held) ? "" : Decide(held);
    }

    /// <summary>Nothing more comes: returns what of the held text is news.</summary>
    public string Flush()
    {
        if (_isDecided) return "";
        var held = _held.ToString();
        // It started anew, and has not even come to where it had been.
        return IsAsked && held.Length >= LeastOverlap && IsStartOver(held) ? "" : Decide(held);
    }

    private string WithoutWhiteSpace(string text)
    {
        var start = 0;
        while (_whiteSpaceAt < said.Length && start < text.Length && text[start] == said[_whiteSpaceAt]) (start, _whiteSpaceAt) = (start + 1, _whiteSpaceAt + 1);
        if (start < text.Length) _whiteSpaceAt = said.Length;
        return text[start..];
    }

    private bool MayRepeat(string held) => IsStartOver(held) || IsPartOfEnd(held);

    private bool IsStartOver(string held) => held.Length <= said.Length && said.StartsWith(held, StringComparison.Ordinal);

    // Some ending of what was said begins like this: more of the same may come.
    private bool IsPartOfEnd(string held) => IsAsked && held.Length < _end.Length && _end.Contains(held, StringComparison.Ordinal);

    private string Decide(string held)
    {
        _isDecided = true;
        _held.Clear();
        if (held.Length >= said.Length && held.StartsWith(said, StringComparison.Ordinal)) return held[said.Length..];
        for (var length = IsAsked ? Math.Min(held.Length, _end.Length) : 0; length >= LeastOverlap; length--)
            if (_end.AsSpan().EndsWith(held.AsSpan(0, length), StringComparison.Ordinal)) return held[length..];
        return held;
    }
}
