using AiPlatform.Application.Knowledge.Extraction;
using AiPlatform.Infrastructure.Documents.Child;

namespace AiPlatform.Infrastructure.Documents.Parsing;

/// <summary>Takes a document's blocks from its reader, cleans them, counts them, and passes them on page by page.</summary>
internal sealed class DocumentWriter(ParseLimits limits, Action<ExtractedPage> emit)
{
    /// <summary>A longer block is cut, so that whatever comes after has pieces of a decent size.</summary>
    private const int LongestBlock = 16_000;
    private const int LongestLabel = 200;
    private const int FlushAt = 64_000;

    private List<ExtractedBlock> _blocks = [];
    private int _pending;
    private int _page;
    private string? _label;

    public ParseLimits Limits => limits;

    public string? Title { get; private set; }

    /// <summary>Of all blocks so far.</summary>
    public int Characters { get; private set; }

    /// <summary>Begins the next page; blocks that come before any begin the first.</summary>
    public void NextPage(string? label = null)
    {
        Flush();
        if (++_page > limits.MaxPages) throw Refuse.TooManyPages(limits.MaxPages);
        _label = label is null ? null : Short(TextHygiene.Collapse(label));
    }

    public void Heading(int level, string text) => Add(BlockKind.Heading, TextHygiene.Collapse(text), Math.Clamp(level, 1, 9));

    public void Paragraph(string text) => Add(BlockKind.Paragraph, TextHygiene.Clean(text));

    public void ListItem(string text) => Add(BlockKind.ListItem, TextHygiene.Clean(text));

    public void Code(string text) => Add(BlockKind.Code, TextHygiene.Clean(text).Trim('\n'));

    public void Note(string text) => Add(BlockKind.Note, TextHygiene.Clean(text));

    public void TableHeader(string text) => Add(BlockKind.TableHeader, TextHygiene.Collapse(text));

    public void TableRow(string text) => Add(BlockKind.TableRow, TextHygiene.Collapse(text));

    /// <summary>The first that says something is kept.</summary>
    public void SetTitle(string? text)
    {
        if (Title is null && text is not null && TextHygiene.Collapse(text) is { Length: > 0 } title) Title = Short(title);
    }

    public void Complete() => Flush();

    private void Add(BlockKind kind, string text, int level = 0)
    {
        if (kind is not BlockKind.Code) text = text.Trim();
        if (string.IsNullOrWhiteSpace(text)) return;
        if (_page == 0) NextPage();
        Characters += text.Length;
        if (Characters > limits.MaxCharacters) throw Refuse.TooMuchText(limits.MaxCharacters);
        for (var start = 0; start < text.Length;)
        {
            var end = text.Length - start <= LongestBlock ? text.Length : CutBefore(text, start + LongestBlock);
            var piece = text[start..end];
            if (!string.IsNullOrWhiteSpace(piece)) _blocks.Add(new ExtractedBlock(kind, piece, level));
            _pending += piece.Length;
            start = end;
            if (_pending >= FlushAt) Flush();
        }
    }

    /// <summary>After white space where there is some near, and never within a character.</summary>
    private static int CutBefore(string text, int most)
    {
        var space = text.LastIndexOfAny(['\n', ' ', '\t'], most - 1, LongestBlock / 4);
        if (space >= 0) return space + 1;
        return char.IsLowSurrogate(text[most]) ? most - 1 : most;
    }

    private void Flush()
    {
        if (_blocks.Count == 0) return;
        emit(new ExtractedPage(_page, _blocks) { Label = _label });
        (_blocks, _pending) = ([], 0);
    }

    private static string Short(string text) =>
        text.Length <= LongestLabel ? text : text[..(char.IsLowSurrogate(text[LongestLabel]) ? LongestLabel - 1 : LongestLabel)].TrimEnd() + "…";
}
