using System.Text;

namespace AiPlatform.Application.Knowledge.Extraction;

/// <summary>What a stretch of a document is.</summary>
public enum BlockKind
{
    Heading,
    Paragraph,
    ListItem,

    /// <summary>The names of a table's columns.</summary>
    TableHeader,

    TableRow,
    Code,

    /// <summary>What is not in the text itself: the notes of a slide, a comment.</summary>
    Note,
}

/// <summary>A stretch of a document. <c>Level</c> is that of a heading, 1 the highest; otherwise 0.</summary>
public sealed record ExtractedBlock(BlockKind Kind, string Text, int Level = 0);

/// <summary>A page, slide or sheet, counted from 1. A format without pages has one.</summary>
public sealed record ExtractedPage(int Number, IReadOnlyList<ExtractedBlock> Blocks)
{
    /// <summary>What the document itself calls it, where that is not its number: the name of a sheet, the title of a slide.</summary>
    public string? Label { get; init; }
}

/// <summary>
/// A file's text as its parser found it. <see cref="Text"/> is the one string that all positions (UTF-16 units) count in: blocks are separated by an empty
/// line, rows of a table and items of a list by a line's end, pages by an empty line.
/// </summary>
public sealed class ExtractedText
{
    private readonly List<PlacedBlock> _blocks = [];

    public ExtractedText(string format, string? title, IReadOnlyList<ExtractedPage> pages)
    {
        (Format, Title, Pages) = (format, title, pages);
        var (text, positions) = (new StringBuilder(), new BlockPositions());
        foreach (var page in pages)
        {
            foreach (var block in page.Blocks)
            {
                var start = positions.StartOf(block);
                _blocks.Add(new PlacedBlock(block, page.Number, start));
                text.Append('\n', start - text.Length).Append(block.Text);
            }

            positions.EndPage();
        }

        Text = text.ToString();
    }

    /// <summary>The format it was read as, such as <c>pdf</c>.</summary>
    public string Format { get; }

    public string? Title { get; }
    public IReadOnlyList<ExtractedPage> Pages { get; }
    public string Text { get; }

    /// <summary>Every block with its page and the position of its first character in <see cref="Text"/>.</summary>
    public IReadOnlyList<PlacedBlock> Blocks => _blocks;
}

public readonly record struct PlacedBlock(ExtractedBlock Block, int Page, int Start);

/// <summary>Where blocks stand in the text that they make up, told one after the other: the text itself need not be put together.</summary>
internal sealed class BlockPositions
{
    private BlockKind? _before;

    /// <summary>Of the text so far.</summary>
    public int Length { get; private set; }

    /// <summary>The position of the next block's first character.</summary>
    public int StartOf(ExtractedBlock block)
    {
        var start = Length == 0 ? 0 : Length + (AreLines(_before, block.Kind) ? 1 : 2);
        (Length, _before) = (start + block.Text.Length, block.Kind);
        return start;
    }

    public void EndPage() => _before = null;

    private static bool AreLines(BlockKind? a, BlockKind b) => (IsRow(a) && IsRow(b)) || (a is BlockKind.ListItem && b is BlockKind.ListItem);

    private static bool IsRow(BlockKind? kind) => kind is BlockKind.TableHeader or BlockKind.TableRow;
}
