using AiPlatform.Application.Inference.Contracts;
using AiPlatform.Application.Knowledge.Extraction;

namespace AiPlatform.Application.Knowledge.Chunking;

/// <summary>How well a chunk may begin at a place, the best last.</summary>
internal enum Border
{
    /// <summary>Within a word.</summary>
    None,

    /// <summary>Between words; also between a heading and what it is of.</summary>
    Word,

    /// <summary>Between sentences, or lines of code.</summary>
    Sentence,

    /// <summary>Between paragraphs, items of a list, rows of a table.</summary>
    Block,

    /// <summary>Before a heading.</summary>
    Section,
}

/// <summary>A stretch of text that chunks are put together from: a sentence, or some words of a long one. White space around it belongs to none.</summary>
internal readonly record struct Piece(int Start, int End, int Tokens, Border Before, int Block);

/// <summary>
/// Cuts a text into pieces of at most <c>grain</c> tokens. Each character is counted a small number of times, whatever the text is like: nothing longer than a few grains is ever
/// given to the tokeniser.
/// </summary>
internal sealed class Pieces(ExtractedText source, string model, ITokenCounter tokens, int grain)
{
    // Text has about four characters to a token; where it has many more it is cut without being counted first.
    private const int CharactersPerToken = 8;

    // No character has more tokens than it has bytes.
    private const int MostTokensPerCharacter = 3;
    private const int LongGap = 256;

    private readonly string _text = source.Text;
    private readonly List<Piece> _pieces = [];
    private int _end;

    public static List<Piece> Of(ExtractedText source, string model, ITokenCounter tokens, int grain, CancellationToken cancellationToken)
    {
        var pieces = new Pieces(source, model, tokens, grain);
        for (var i = 0; i < source.Blocks.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            pieces.AddBlock(i);
        }

        return pieces._pieces;
    }

    private void AddBlock(int block)
    {
        var placed = source.Blocks[block];
        var (start, end) = (placed.Start, placed.Start + placed.Block.Text.Length);
        var border = BorderBefore(block);
        for (start = Sentences.SkipSpace(_text, start, end); start < end; start = Sentences.SkipSpace(_text, start, end))
        {
            var sentence = Sentences.EndOf(_text, start, end, byLine: placed.Block.Kind is BlockKind.Code);
            AddSentence(start, TrimEnd(start, sentence), border, block);
            (start, border) = (sentence, Border.Sentence);
        }
    }

    private Border BorderBefore(int block)
    {
        if (block == 0) return Border.Section;
        var (before, kind) = (source.Blocks[block - 1].Block.Kind, source.Blocks[block].Block.Kind);
        // A heading stays with what follows it, and the names of columns with their first row.
        if (before is BlockKind.Heading || (before is BlockKind.TableHeader && kind is BlockKind.TableRow)) return Border.Word;
        return kind is BlockKind.Heading ? Border.Section : Border.Block;
    }

    private int TrimEnd(int start, int end)
    {
        while (end > start && char.IsWhiteSpace(_text[end - 1])) end--;
        return end;
    }

    private void AddSentence(int start, int end, Border border, int block)
    {
        if (Fits(start, end, out var count)) Add(start, end, count, border, block);
        else AddWords(start, end, border, block);
    }

    private void AddWords(int start, int end, Border border, int block)
    {
        // What is gathered, and its tokens; nothing as long as it ends where it begins.
        var (begin, last, sum) = (start, start, 0);
        for (var at = start; at < end;)
        {
            var word = Sentences.EndOfWord(_text, at, end);
            if (last == begin) (begin, last) = (at, at);
            if (Fits(last, word, out var more) && sum + more <= grain)
            {
                (last, sum) = (word, sum + more);
            }
            else
            {
                if (last > begin)
                {
                    Add(begin, last, sum, border, block);
                    border = Border.Word;
                }

                if (Fits(at, word, out var alone))
                {
                    (begin, last, sum) = (at, word, alone);
                }
                else
                {
                    AddSlices(at, word, border, block);
                    (begin, last, sum, border) = (word, word, 0, Border.Word);
                }
            }

            at = Sentences.SkipSpace(_text, word, end);
        }

        if (last > begin) Add(begin, last, sum, border, block);
    }

    private void AddSlices(int start, int end, Border border, int block)
    {
        var length = Math.Max(2, grain / MostTokensPerCharacter);
        while (start < end)
        {
            var cut = end - start <= length ? end : Sentences.CutBefore(_text, start, start + length);
            Add(start, cut, Count(start, cut), border, block);
            (start, border) = (cut, Border.None);
        }
    }

    private void Add(int start, int end, int count, Border border, int block)
    {
        // The space before it counts too, in the middle of a chunk. A single one is part of its word's token.
        var gap = _text.AsSpan(_end, start - _end);
        var space = gap switch { [] or [' '] => 0, { Length: <= 2 } => 1, { Length: <= LongGap } => Count(_end, start), _ => gap.Length * MostTokensPerCharacter };
        _pieces.Add(new Piece(start, end, count + space, border, block));
        _end = end;
    }

    private bool Fits(int start, int end, out int count)
    {
        count = end - start <= grain * CharactersPerToken ? Count(start, end) : int.MaxValue;
        return count <= grain;
    }

    private int Count(int start, int end) => tokens.Count(model, _text[start..end]);
}
