using System.Globalization;
using System.Text;

namespace AiPlatform.Application.Chat.Answers;

/// <summary>A stretch of an answer: text that is shown, or a claim that a passage says something.</summary>
internal abstract record AnswerPiece
{
    private AnswerPiece()
    {
    }

    public sealed record Text(string Value) : AnswerPiece;

    /// <summary>What a marker says. Whether it is true has to be checked.</summary>
    public sealed record Claim(int Passage, string Quote) : AnswerPiece;
}

/// <summary>
/// Takes the markers <c>【n†quote】</c> out of an answer as it comes, however it is cut into pieces. None of a marker's three letters ever gets through, be it
/// broken, nested or never closed: brackets that are no marker become plain ones. Also the space that stood before a marker is taken where nothing needs it.
/// </summary>
/// <param name="before">What the answer begins with, where this is not its beginning.</param>
internal sealed class CitationFilter(string before = "")
{
    private const char Open = '【';
    private const char Close = '】';
    private const char Dagger = '†';

    /// <summary>Beyond it nothing is waited for: the marker was never closed.</summary>
    private const int Longest = 1000;

    /// <summary>Markers within markers are no more than a slip; without a bound, openings alone would be looked at again and again.</summary>
    private const int Deepest = 3;

    private const int MostDigits = 4;

    // What follows a word without a space.
    private const string Closing = ".,;:!?)]}…%\r\n。、，；：！？）］｝」』”’»।॥؟،؛۔";

    // What ends an emphasis, if no space stands before it.
    private const string Emphasis = "*_`~";

    private readonly StringBuilder _marker = new();
    private readonly StringBuilder _spaces = new();
    private readonly StringBuilder _text = new();
    private readonly List<AnswerPiece> _pieces = [];
    private string _spacesBeforeMarker = "";
    private bool _isAfterMarker;
    private bool _isAtLineStart = before is "" or [.., '\n' or '\r'];
    private int _depth;

    /// <summary>How many markers could not be read.</summary>
    public int Malformed { get; private set; }

    /// <summary>Takes what the model says, and returns what of it can be decided by now.</summary>
    public IReadOnlyList<AnswerPiece> Accept(string text)
    {
        foreach (var c in text) Take(c);
        return Taken();
    }

    /// <summary>Nothing more comes.</summary>
    public IReadOnlyList<AnswerPiece> Flush()
    {
        GiveUp();
        if (!_isAfterMarker) _text.Append(_spaces);
        _spaces.Clear();
        return Taken();
    }

    private void Take(char c)
    {
        if (_marker.Length > 0) TakeIntoMarker(c);
        else if (c == Open)
        {
            _marker.Append(c);
            _depth = 1;
        }
        else if (c is ' ' or '\t') _spaces.Append(c);
        else Put(Plain(c));
    }

    private void TakeIntoMarker(char c)
    {
        if (c == '\n' && EndsLine())
        {
            GiveUp();
            Take(c);
            return;
        }

        _marker.Append(c);
        if (c == Open) _depth++;
        else if (c == Close) _depth--;
        if (_depth == 0) Resolve();
        else if (_depth > Deepest || _marker.Length >= Longest) DropHead();
    }

    // A blank line ends what was never closed; a single line break may be part of a quote.
    private bool EndsLine()
    {
        var last = _marker.Length - 1;
        while (last > 0 && _marker[last] is ' ' or '\t' or '\r') last--;
        return _marker[last] == '\n';
    }

    /// <summary>The marker is closed.</summary>
    private void Resolve()
    {
        var inner = _marker.ToString(1, _marker.Length - 2);
        _marker.Clear();
        if (ReadClaim(inner) is { } claim)
        {
            MarkerTaken();
            if (_text.Length > 0) _pieces.Add(new AnswerPiece.Text(_text.ToString()));
            _text.Clear();
            _pieces.Add(claim);
        }
        else if (IsMeantAsMarker(inner))
        {
            Malformed++;
            MarkerTaken();
        }
        else
        {
            PutPlain($"{Open}{inner}{Close}");
        }
    }

    private static AnswerPiece.Claim? ReadClaim(string inner)
    {
        var dagger = inner.IndexOf(Dagger, StringComparison.Ordinal);
        if (dagger < 0 || inner.Contains(Open, StringComparison.Ordinal)) return null;
        var number = inner.AsSpan(0, dagger).Trim();
        var quote = inner[(dagger + 1)..].Trim();
        return number.Length <= MostDigits && quote.Length > 0 && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var passage)
            ? new AnswerPiece.Claim(passage, quote)
            : null;
    }

    private static bool IsMeantAsMarker(string inner) =>
        inner.Contains(Dagger, StringComparison.Ordinal) || inner.AsSpan().Trim() is [] or [>= '0' and <= '9', ..];

    /// <summary>Nothing will close what is open.</summary>
    private void GiveUp()
    {
        while (_marker.Length > 0) DropHead();
    }

    /// <summary>Drops a marker that was not closed, as far as its line or the next marker, and looks at what follows anew.</summary>
    private void DropHead()
    {
        var open = _marker.ToString();
        _marker.Clear();
        var end = open.AsSpan(1).IndexOfAny(Open, '\n') is >= 0 and var next ? next + 1 : open.Length;
        if (IsMeantAsMarker(open[1..end]))
        {
            Malformed++;
            MarkerTaken();
        }
        else
        {
            PutPlain(open[..end]);
        }

        foreach (var c in open.AsSpan(end)) Take(c);
    }

    private void MarkerTaken()
    {
        if (!_isAfterMarker) _spacesBeforeMarker = _spaces.ToString();
        _isAfterMarker = true;
        _spaces.Clear();
    }

    private void PutPlain(string text)
    {
        foreach (var c in text)
            if (c is ' ' or '\t') _spaces.Append(c);
            else Put(Plain(c));
    }

    private void Put(char c)
    {
        if (_isAfterMarker)
        {
            var closes = Closing.Contains(c, StringComparison.Ordinal) || (_spaces.Length == 0 && Emphasis.Contains(c, StringComparison.Ordinal));
            if (!closes && !_isAtLineStart)
            {
                if (_spacesBeforeMarker.Length > 0) _text.Append(_spacesBeforeMarker);
                else _text.Append(_spaces);
            }
        }
        else
        {
            _text.Append(_spaces);
        }

        _spaces.Clear();
        _isAfterMarker = false;
        _isAtLineStart = c is '\n' or '\r';
        _text.Append(c);
    }

    private static char Plain(char c) => c switch
    {
        Open => '[',
        Close => ']',
        Dagger => '*',
        _ => c,
    };

    private AnswerPiece[] Taken()
    {
        if (_text.Length > 0) _pieces.Add(new AnswerPiece.Text(_text.ToString()));
        _text.Clear();
        if (_pieces.Count == 0) return [];
        AnswerPiece[] taken = [.. _pieces];
        _pieces.Clear();
        return taken;
    }
}
