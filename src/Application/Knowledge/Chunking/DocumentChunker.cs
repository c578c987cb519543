using AiPlatform.Application.Inference.Contracts;
using AiPlatform.Application.Knowledge.Extraction;
using AiPlatform.Domain.Knowledge;

namespace AiPlatform.Application.Knowledge.Chunking;

/// <summary>
/// Cuts a document into chunks along its structure. A chunk ends at the best border near its limit: before a heading rather than between paragraphs, between sentences rather than
/// between words, within a word only where that is longer than all of it. Small sections share a chunk; a heading begins a new one only when the one before is at least half full.
/// A chunk repeats the end of the one before, from a sentence's or a word's beginning, except across a heading: what a section says is not said by the next.
/// </summary>
public sealed class DocumentChunker(ITokenCounter tokens)
{
    // How full a chunk must be to end at a border that is better than the last possible one.
    private const double EnoughForSection = 0.5;
    private const double EnoughForBlock = 0.7;
    private const double EnoughForSentence = 0.6;
    private const double EnoughForWord = 0.8;

    private const int CoarsestGrain = 100;
    private const int MostSpace = 100;

    /// <summary>Every character but white space is in a chunk, and no chunk has more tokens than the strategy allows, as <paramref name="model"/> counts them.</summary>
    public IEnumerable<DocumentChunk> Chunk(ExtractedText text, ChunkingStrategy strategy, string model, CancellationToken cancellationToken)
    {
        var pieces = Pieces.Of(text, model, tokens, Math.Min(CoarsestGrain, strategy.MaxTokens / 8), cancellationToken);
        var outline = new Outline(text);
        var (start, fresh, ordinal, before) = (0, 0, 0, 0);
        while (fresh < pieces.Count)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var end = EndOf(pieces, start, fresh, strategy.MaxTokens);
            var (content, count) = Cut(text.Text, pieces, ref start, fresh, ref end, strategy.MaxTokens, model);
            var (first, last) = (pieces[start], pieces[end - 1]);
            var (firstBlock, lastBlock) = (text.Blocks[first.Block], text.Blocks[last.Block]);
            var headings = outline.Of(first.Block, last.Block, beginsBlock: first.Before > Border.Sentence || start == 0 || pieces[start - 1].Block != first.Block);
            yield return new DocumentChunk(ordinal++, content, firstBlock.Page, lastBlock.Page, first.Start, last.End, headings, count)
            {
                PageStarts = PageStarts(text, first.Block, last.Block),
                SpaceBefore = ordinal == 1 || first.Start <= before ? "" : first.Start - before <= MostSpace ? text.Text[before..first.Start] : null,
            };
            before = last.End;
            (start, fresh) = (OverlapOf(text.Text, pieces, start, end, strategy, model), end);
        }
    }

    private static List<int> PageStarts(ExtractedText text, int firstBlock, int lastBlock)
    {
        var starts = new List<int>();
        for (var i = firstBlock + 1; i <= lastBlock; i++)
            if (text.Blocks[i].Page != text.Blocks[i - 1].Page) starts.AddRange([text.Blocks[i].Page, text.Blocks[i].Start]);
        return starts;
    }

    /// <summary>Where a chunk ends whose own pieces begin at <paramref name="fresh"/>, after what it repeats.</summary>
    private static int EndOf(List<Piece> pieces, int start, int fresh, int most)
    {
        var sum = 0;
        for (var i = start; i <= fresh; i++) sum += pieces[i].Tokens;
        var end = fresh + 1;
        Span<int> best = [0, 0, 0, 0, 0];
        for (; end < pieces.Count; end++)
        {
            var border = pieces[end].Before;
            if (sum >= most * EnoughFor(border)) best[(int)border] = end;
            if (border is Border.Section && best[(int)border] == end) return end;
            if (sum + pieces[end].Tokens > most) break;
            sum += pieces[end].Tokens;
        }

        if (end == pieces.Count) return end;
        for (var border = Border.Block; border > Border.None; border--)
            if (best[(int)border] > 0) return best[(int)border];
        return end;
    }

    private static double EnoughFor(Border border) => border switch
    {
        Border.Section => EnoughForSection,
        Border.Block => EnoughForBlock,
        Border.Sentence => EnoughForSentence,
        _ => EnoughForWord,
    };

    /// <summary>The chunk's text and its tokens. Pieces that are counted one by one may have fewer than together; then the chunk gives way at its end, or what it repeats does.</summary>
    private (string Content, int Tokens) Cut(string text, List<Piece> pieces, ref int start, int fresh, ref int end, int most, string model)
    {
        while (true)
        {
            var content = text[pieces[start].Start..pieces[end - 1].End];
            var count = tokens.Count(model, content);
            if (count <= most || (end - 1 == fresh && start == fresh)) return (content, count);
            // By as much as it has too many, so that it is not counted again and again.
            for (var left = count - most; left > 0 && end - 1 > fresh; left -= pieces[end].Tokens) end--;
            if (end - 1 == fresh) start = fresh;
        }
    }

    /// <summary>Where the next chunk begins: with as many of the last pieces as may be repeated, from the beginning of a sentence if there is one, else of a word.</summary>
    private int OverlapOf(string text, List<Piece> pieces, int start, int end, ChunkingStrategy strategy, string model)
    {
        if (end == pieces.Count || pieces[end].Before is Border.Section) return end;
        var most = Math.Min(strategy.OverlapTokens, strategy.MaxTokens - pieces[end].Tokens);
        var (first, sum) = (end, 0);
        while (first - 1 > start && sum + pieces[first - 1].Tokens <= most)
        {
            first--;
            sum += pieces[first].Tokens;
            if (pieces[first].Before is Border.Section) break;
        }

        while (first < end)
        {
            first = NextBorder(pieces, first, end);
            if (first == end || tokens.Count(model, text[pieces[first].Start..pieces[end - 1].End]) <= most) break;
            // Together they are more than one by one, which is rare.
            first++;
        }

        return first;
    }

    private static int NextBorder(List<Piece> pieces, int first, int end)
    {
        for (var border = Border.Sentence; border >= Border.Word; border--)
        {
            for (var i = first; i < end; i++)
                if (pieces[i].Before >= border) return i;
        }

        return end;
    }
}
