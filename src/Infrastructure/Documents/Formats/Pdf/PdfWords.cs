using System.Text;

namespace AiPlatform.Infrastructure.Documents.Formats.Pdf;

/// <summary>A word as poppler gives it.</summary>
internal readonly record struct PdfWord(string Text, double Left, double Top, double Right, double Bottom)
{
    public double Height => Bottom - Top;
    public double Middle => (Top + Bottom) / 2;
}

/// <summary>Puts the words of a line together. Poppler gives them from left to right, apart where the size or the base line changes.</summary>
internal sealed class PdfWords
{
    /// <summary>Of a height: less is no space.</summary>
    private const double Space = 0.1;

    /// <summary>Of a height: a gap between columns, perhaps, is no less than the one, and no more than the other.</summary>
    private const double LeastGap = 0.42;
    private const double MostGap = 0.75;

    /// <summary>How far, of a height, the middle of a raised or lowered word is away from that of the line.</summary>
    private const double Shift = 0.14;

    private static readonly HashSet<string> Units = ["m", "km", "cm", "mm", "dm", "nm", "ft", "in", "yd", "mi", "s", "x", "y", "r", "n", "a", "b", "c"];

    private readonly List<PdfLine> _lines = [];
    private readonly StringBuilder _text = new();
    private readonly bool _upright;
    private (double Left, double Top, double Right, double Bottom) _box;
    private PdfWord _base;
    private double _end;

    private PdfWords(bool upright) => _upright = upright;

    /// <summary>The pieces of a line, which may be cells of a table.</summary>
    public static List<PdfLine> Pieces(IReadOnlyList<PdfWord> words, bool upright = false)
    {
        var pieces = new PdfWords(upright);
        var gap = Gap(words);
        foreach (var word in words)
            if (Plain(word.Text) is { Length: > 0 } text) pieces.Add(word with { Text = text }, gap);
        pieces.Cut();
        return pieces._lines;
    }

    /// <summary>Wider than the spaces of the line, which are the wider the more letters of one width and justified lines there are.</summary>
    private static double Gap(IReadOnlyList<PdfWord> words)
    {
        var (least, count) = (double.MaxValue, 0);
        for (var i = 1; i < words.Count; i++)
        {
            var height = Math.Max(1e-3, Math.Max(words[i].Height, words[i - 1].Height));
            var gap = (words[i].Left - words[i - 1].Right) / height;
            if (gap < Space) continue;
            least = Math.Min(least, gap);
            count++;
        }

        return count > 1 ? Math.Clamp(1.6 * least, LeastGap, MostGap) : 1.1 * LeastGap;
    }

    private void Add(PdfWord word, double gap)
    {
        if (_text.Length > 0 && word.Left - _end > gap * Math.Max(word.Height, _base.Height)) Cut();
        var shift = _text.Length == 0 ? 0 : (_base.Middle - word.Middle) / Math.Max(_base.Height, 1e-3);
        if (Math.Abs(shift) is < Shift or > 1) (_base, shift) = (word, 0);
        if (_text.Length == 0) _box = (word.Left, word.Top, word.Right, word.Bottom);
        Append(word.Text, shift, word.Left - _end < Space * Math.Min(word.Height, _base.Height));
        // A footnote's number makes no line higher.
        if (shift == 0) (_box.Top, _box.Bottom) = (Math.Min(_box.Top, word.Top), Math.Max(_box.Bottom, word.Bottom));
        (_box.Right, _end) = (Math.Max(_box.Right, word.Right), word.Right);
    }

    private void Append(string word, double shift, bool near)
    {
        if (_text.Length == 0) _text.Append(word);
        else if (shift > 0 && near && IsNumber(word)) AppendRaised(word);
        else _text.Append(near || _text[^1] == '\u00AD' ? "" : " ").Append(word);
    }

    /// <summary>A power of a unit or number; otherwise the number of a note, which must not become one with its word.</summary>
    private void AppendRaised(string word)
    {
        var text = _text.ToString();
        var before = text[(text.LastIndexOf(' ') + 1)..];
        if (char.IsAsciiDigit(before[^1]) || Units.Contains(before)) foreach (var c in word) _text.Append(Raised(c));
        else _text.Append(" [").Append(word).Append(']');
    }

    private void Cut()
    {
        if (_text.Length > 0)
            _lines.Add(new PdfLine(RightToLeft.Logical(_text.ToString()), _box.Left, _box.Top, _box.Right, _box.Bottom - _box.Top) { Continues = _lines.Count > 0, Upright = _upright });
        _text.Clear();
    }

    private static bool IsNumber(string word) => word.Length <= 6 && char.IsAsciiDigit(word[0]) && word.All(c => char.IsAsciiDigit(c) || c is ',' or '-' or '–');

    private static char Raised(char c) => c switch
    {
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        >= '0' and <= '9' => (char)('⁰' + (c - '0')),
        '-' or '–' => '⁻',
        _ => c,
    };

    /// <summary>Letters for ligatures and forms; no signs that are not seen.</summary>
    private static string Plain(string word)
    {
        // Of places where a word may be broken, that matters where it is.
        if (word.AsSpan().IndexOf('\u00AD') is >= 0 and var at && at < word.Length - 1) word = word[..^1].Replace("\u00AD", "", StringComparison.Ordinal) + word[^1];
        if (word.AsSpan().IndexOfAnyInRange('\uFB00', '\uFEFC') < 0) return word;
        var plain = new StringBuilder(word.Length + 4);
        foreach (var c in word) _ = LetterForms.Of(c) is { } letters ? plain.Append(letters) : plain.Append(c);
        return plain.ToString();
    }
}
