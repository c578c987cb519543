using System.Text;

namespace AiPlatform.Application.Knowledge.Search.Analysis;

/// <summary>A stretch of text that is a word, or a run of characters without spaces between words.</summary>
internal readonly record struct Stretch(int Start, int Length, CharKind Kind)
{
    /// <summary>Whether words cannot be told apart in it.</summary>
    public bool IsRun => Kind is CharKind.Han or CharKind.Hangul;
}

/// <summary>
/// Finds the words of a text, one after the other, in one pass. A number keeps its separators (3.14, 10,000); an apostrophe parts a word, and what is left of "it's" or "l'eau" on its short
/// side is no word.
/// </summary>
internal ref struct WordScanner(ReadOnlySpan<char> text)
{
    // Nobody looks for what is longer, and it may be anything: a picture in Base64, say.
    private const int LongestWord = 64;

    private readonly ReadOnlySpan<char> _text = text;
    private int _at;

    public Stretch Current { get; private set; }

    public bool MoveNext()
    {
        while (_at < _text.Length)
        {
            var kind = KindAt(_at, out var width);
            var start = _at;
            _at += width;
            switch (kind)
            {
                case CharKind.Letter or CharKind.Digit:
                    ReadWord(kind);
                    TakeSign(start);
                    if (_at - start > LongestWord || IsShortSide(start)) continue;
                    Current = new Stretch(start, _at - start, CharKind.Letter);
                    return true;
                case CharKind.Han or CharKind.Syllable:
                    ReadRun(hangul: false);
                    Current = new Stretch(start, _at - start, CharKind.Han);
                    return true;
                case CharKind.Hangul:
                    ReadRun(hangul: true);
                    Current = new Stretch(start, _at - start, CharKind.Hangul);
                    return true;
            }
        }

        return false;
    }

    private readonly CharKind KindAt(int at, out int width)
    {
        width = 1;
        var c = _text[at];
        if (!char.IsSurrogate(c)) return Scripts.KindOf(c);
        if (Rune.DecodeFromUtf16(_text[at..], out var rune, out width) is not System.Buffers.OperationStatus.Done) return CharKind.None;
        return Scripts.KindOf(rune.Value);
    }

    private void ReadWord(CharKind last)
    {
        while (_at < _text.Length)
        {
            var kind = KindAt(_at, out var width);
            if (kind is CharKind.Letter or CharKind.Digit or CharKind.Mark or CharKind.Ignorable)
            {
                last = kind is CharKind.Letter or CharKind.Digit ? kind : last;
                _at += width;
            }
            else if (last is CharKind.Digit && _text[_at] is '.' or ',' && last is CharKind.Digit && _at + 1 < _text.Length && KindAt(_at + 1, out _) is CharKind.Digit)
            {
                _at++;
            }
            else
            {
                return;
            }
        }
    }

    private void ReadRun(bool hangul)
    {
        while (_at < _text.Length)
        {
            var kind = KindAt(_at, out var width);
            if (kind is CharKind.Mark or CharKind.Ignorable || (hangul ? kind is CharKind.Hangul : kind is CharKind.Han or CharKind.Syllable)) _at += width;
            else return;
        }
    }

    // C++, C#, F#.
    private void TakeSign(int start)
    {
        if (_at - start != 1 || !char.IsAsciiLetter(_text[start])) return;
        if (_at < _text.Length && _text[_at] == '#') _at++;
        else if (_at + 1 < _text.Length && _text[_at] == '+' && _text[_at + 1] == '+') _at += 2;
    }

    private readonly bool IsShortSide(int start)
    {
        var length = _at - start;
        if (length == 1 && _at + 1 < _text.Length && IsApostrophe(_text[_at]) && char.IsLetter(_text[_at + 1]) && char.IsLetter(_text[start])) return true;
        if (length > 2 || start < 2 || !IsApostrophe(_text[start - 1]) || !char.IsLetter(_text[start - 2])) return false;
        return length == 1 || _text[start..(start + 2)] is "re" or "ve" or "ll" or "RE" or "VE" or "LL";
    }

    private static bool IsApostrophe(char c) => c is '\'' or '\u2019' or '\u02BC' or '\uFF07';
}
